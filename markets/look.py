"""A market's own look: a few colours and the shape of corners, on top of the shop's design. Pure.

What a market may say is a short list, so that a wrong value cannot break a page, and a colour that people cannot read
is refused (WCAG 2.2, 1.4.3: 4.5 to 1 between text and what is behind it).
"""

import re
from collections.abc import Iterator, Mapping

HEX = re.compile(r"#[0-9a-f]{6}")
PAPER = (251, 250, 246)
"""The page behind everything: `--paper` of static/css/tokens.css."""
LEAST_CONTRAST = 4.5
BUTTON, SALE, CORNERS = "button", "sale", "corners"
RADII: Mapping[str, tuple[str, str]] = {"square": ("0", "0"), "soft": ("3px", "6px"), "round": ("8px", "16px")}
RGB = tuple[int, int, int]


def css_of(tokens: Mapping[str, str]) -> str:
    """The style sheet of a market; empty when it says nothing. Values that are not allowed are passed over."""
    lines = [f"    {name}: {value};" for name, value in _properties(tokens)]
    if not lines:
        return ""
    return "\n".join(["@layer tokens {", "  :root {", *lines, "  }", "}", ""])


def is_colour(text: str) -> bool:
    """Whether it is written as six hexadecimal digits: `#1f4a3d`."""
    return bool(HEX.fullmatch(text))


def contrast(one: str, other: RGB = PAPER) -> float:
    """How much two colours differ in brightness, from 1 to 21."""
    light, dark = sorted((_luminance(_rgb(one)), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_readable(colour: str) -> bool:
    """Whether the page's words can be read on it, and it on the page."""
    return contrast(colour) >= LEAST_CONTRAST


def _properties(tokens: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    button, sale = str(tokens.get(BUTTON, "")), str(tokens.get(SALE, ""))
    if is_colour(button) and is_readable(button):
        yield "--brand", button
        yield "--brand-2", _mixed(button, (0, 0, 0), 30)
        yield "--brand-soft", _mixed(button, (255, 255, 255), 90)
        yield "--on-brand", "#fff"
    if is_colour(sale) and is_readable(sale):
        yield "--stamp", sale
    radii = RADII.get(str(tokens.get(CORNERS, "")))
    if radii:
        yield "--r1", radii[0]
        yield "--r2", radii[1]


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(rgb: RGB) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: RGB, percent: int) -> str:
    parts = ((one * (100 - percent) + two * percent + 50) // 100 for one, two in zip(_rgb(colour), other, strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)
