"""Barcodes as SVG. Pure."""

import re

from barcode.codex import Code128

QUIET = 10
"""Modules that stay white on both sides, as Code 128 asks."""


def code128(value: str, *, height: int = 60) -> str:
    """`value` in Code 128; empty for what it cannot hold. One unit of the drawing is one module."""
    if not value or any(ord(letter) > 126 or ord(letter) < 32 for letter in value):
        return ""
    modules = Code128(value).build()[0]
    width = len(modules) + 2 * QUIET
    bars = "".join(
        f"M{QUIET + found.start()} 0h{len(found[0])}v{height}h-{len(found[0])}z" for found in re.finditer("1+", modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<path d="{bars}" fill="#000"/></svg>'
    )
