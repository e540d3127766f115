"""Colours of the demo catalogue and the arithmetic on them."""

from __future__ import annotations

from dataclasses import dataclass

INK_DARK = "#14110d"
LIGHT = "#fffaf0"

BASES: dict[str, str] = {
    "ink": "#2f3331",
    "bone": "#e6dfd1",
    "pine": "#27584a",
    "rust": "#ab4a30",
    "clay": "#b36a49",
    "sea": "#4f6f86",
    "oat": "#d3c3a6",
    "flax": "#cbb48f",
    "white": "#f2eee5",
    "oak": "#bd8d59",
    "walnut": "#704a31",
    "steel": "#b7bbbb",
    "clear": "#dfe6e4",
    "amber": "#b9772f",
    "brass": "#b8914e",
    "cognac": "#96592f",
    "natural": "#c79d68",
}


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a `#rrggbb` colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """Return `first` with `share` (0 to 1) of `second` mixed in."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def dark(colour: str, share: float) -> str:
    """Return a warm, darker version."""
    return mix(colour, INK_DARK, share)


def light(colour: str, share: float) -> str:
    """Return a warm, lighter version."""
    return mix(colour, LIGHT, share)


def luminance(colour: str) -> float:
    """Return a rough brightness from 0 (black) to 1 (white)."""
    red, green, blue = channels(colour)
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255


@dataclass(frozen=True)
class Tone:
    """One catalogue colour as the shapes use it."""

    code: str

    @property
    def base(self) -> str:
        """The plain colour."""
        return BASES[self.code]

    def dark(self, share: float) -> str:
        """The colour in shade."""
        return dark(self.base, share)

    def light(self, share: float) -> str:
        """The colour in light."""
        return light(self.base, share)

    @property
    def deep(self) -> bool:
        """Whether details on top should be light rather than dark."""
        return luminance(self.base) < 0.45
