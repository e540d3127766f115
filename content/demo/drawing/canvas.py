"""A small SVG writer: definitions, groups, paths, gradients and textures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

Stop = tuple[float, str] | tuple[float, str, float]
Point = tuple[float, float]

DIRECTIONS = {
    "across": (0.0, 0.0, 1.0, 0.0),
    "down": (0.0, 0.0, 0.0, 1.0),
    "slant": (0.0, 0.0, 1.0, 1.0),
    "rise": (0.0, 1.0, 1.0, 0.0),
}


def num(value: float) -> str:
    """Write a number the same way everywhere, without needless zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def spline(points: Sequence[Point], *, move: bool = True) -> str:
    """Return a smooth curve through the points; a point given twice is a corner."""
    parts = [f"M{num(points[0][0])},{num(points[0][1])}"] if move else []
    count = len(points)
    for i in range(count - 1):
        here, there = points[i], points[i + 1]
        if here == there:
            continue
        before = points[i - 1] if i > 0 else here
        after = points[i + 2] if i + 2 < count else there
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        numbers = (*first, *second, *there)
        parts.append("C" + " ".join(num(n) for n in numbers))
    return " ".join(parts)


class Canvas:
    """Collects the markup of one picture; ids and random numbers are reproducible."""

    def __init__(self, *, width: int, height: int, seed: str) -> None:
        self.width = width
        self.height = height
        self.rng = random.Random(seed)
        self._defs: dict[str, str] = {}
        self._body: list[str] = []

    def _define(self, markup: str) -> str:
        """Store a definition once and return its reference."""
        name = self._defs.setdefault(markup, f"d{len(self._defs) + 1}")
        return f"url(#{name})"

    @staticmethod
    def _stops(stops: Sequence[Stop]) -> str:
        out = []
        for stop in stops:
            opacity = f' stop-opacity="{num(stop[2])}"' if len(stop) == 3 else ""
            out.append(f'<stop offset="{num(stop[0])}" stop-color="{stop[1]}"{opacity}/>')
        return "".join(out)

    def linear(self, stops: Sequence[Stop], direction: str = "across") -> str:
        """Return a linear gradient over the painted shape."""
        x1, y1, x2, y2 = DIRECTIONS[direction]
        return self._define(
            f'<linearGradient @ x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}">'
            f"{self._stops(stops)}</linearGradient>"
        )

    def radial(self, stops: Sequence[Stop], *, cx: float = 0.5, cy: float = 0.5, r: float = 0.5) -> str:
        """Return a radial gradient over the painted shape."""
        return self._define(
            f'<radialGradient @ cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}">{self._stops(stops)}</radialGradient>'
        )

    def blur(self, radius: float) -> str:
        """Return a blur filter."""
        return self._define(
            '<filter @ x="-80%" y="-80%" width="260%" height="260%">'
            f'<feGaussianBlur stdDeviation="{num(radius)}"/></filter>'
        )

    def drop(self, *, dx: float, dy: float, radius: float, opacity: float) -> str:
        """Return a filter that lets a thing cast a soft shadow on the ground under it."""
        return self._define(
            '<filter @ x="-30%" y="-30%" width="160%" height="160%">'
            f'<feDropShadow dx="{num(dx)}" dy="{num(dy)}" stdDeviation="{num(radius)}" '
            f'flood-color="#2a1d12" flood-opacity="{num(opacity)}"/></filter>'
        )

    def clip(self, d: str) -> str:
        """Return a clip path."""
        return self._define(f'<clipPath @><path d="{d}"/></clipPath>')

    def tile(self, width: float, height: float, markup: str, turn: float = 0) -> str:
        """Return a repeating pattern."""
        return self._define(
            f'<pattern @ width="{num(width)}" height="{num(height)}" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate({num(turn)})">'
            f"{markup}</pattern>"
        )

    def _noise(self, fx: float, fy: float, gain: float, cut: float) -> str:
        seed = self.rng.randrange(1, 900)
        return self._define(
            '<filter @ x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">'
            f'<feTurbulence type="fractalNoise" baseFrequency="{fx} {fy}" numOctaves="3" '
            f'seed="{seed}" result="n"/><feColorMatrix in="n" type="matrix" '
            f'values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 {num(gain)} 0 0 0 {num(cut)}" result="m"/>'
            '<feComposite in="SourceGraphic" in2="m" operator="in"/></filter>'
        )

    def add(self, markup: str) -> None:
        """Append raw markup."""
        self._body.append(markup)

    @staticmethod
    def _attrs(attrs: dict[str, object]) -> str:
        return "".join(
            f' {key.replace("_", "-")}="{num(v) if isinstance(v, float) else v}"' for key, v in attrs.items()
        )

    def path(self, d: str, fill: str, **attrs: object) -> None:
        """Paint a closed shape."""
        self.add(f'<path d="{d}" fill="{fill}"{self._attrs(attrs)}/>')

    def line(self, d: str, colour: str, width: float, **attrs: object) -> None:
        """Stroke a path with round ends."""
        attrs.setdefault("stroke_linecap", "round")
        self.add(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{num(width)}" '
            f'stroke-linejoin="round"{self._attrs(attrs)}/>'
        )

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: str, **attrs: object) -> None:
        """Paint an ellipse."""
        self.add(
            f'<ellipse cx="{num(cx)}" cy="{num(cy)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"{self._attrs(attrs)}/>'
        )

    def box(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, **attrs: object) -> None:
        """Paint a rectangle with optional round corners."""
        self.add(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" '
            f'rx="{num(r)}" fill="{fill}"{self._attrs(attrs)}/>'
        )

    @contextmanager
    def group(self, **attrs: object) -> Iterator[None]:
        """Wrap what is drawn inside in one group."""
        self.add(f"<g{self._attrs(attrs)}>")
        yield
        self.add("</g>")

    @contextmanager
    def placed(self, x: float, y: float, scale: float = 1, turn: float = 0, **attrs: object) -> Iterator[None]:
        """Draw what is inside at another place, size and angle."""
        move = f"translate({num(x)},{num(y)}) rotate({num(turn)}) scale({num(scale)})"
        with self.group(transform=move, **attrs):
            yield

    def noise(
        self,
        d: str,
        colour: str,
        *,
        grain: tuple[float, float],
        gain: float = 4,
        cut: float = -1.8,
        opacity: float = 0.2,
    ) -> None:
        """Cover a shape with noise; `grain` sets how fine it is across and down."""
        self.path(d, colour, filter=self._noise(*grain, gain, cut), opacity=opacity)

    def svg(self) -> str:
        """Return the whole picture."""
        defs = "".join(m.replace("@", f'id="{n}"', 1) for m, n in self._defs.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}"><defs>{defs}</defs>'
            f"{''.join(self._body)}</svg>"
        )
