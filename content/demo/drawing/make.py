"""Makes the committed pictures: `python -m content.demo.drawing.make [product code ...]`.

Needs Chromium (CHROMIUM names it, otherwise `chromium` is looked up), playwright and
Pillow. Without arguments everything is drawn anew; with product codes only those products.
The index is always written whole.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from content.demo.drawing import families
from content.demo.drawing.catalogue import PRODUCTS, Product
from content.demo.drawing.editorial import PAGES, TILES, brand_mark, tile
from content.demo.drawing.pictures import (
    HEIGHT,
    WIDTH,
    detail_picture,
    main_picture,
    scale_picture,
)
from content.demo.drawing.scenes import SCENES, life_picture

MEDIA = Path(__file__).resolve().parent.parent / "media"
QUALITY = 80
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


@dataclass(frozen=True)
class Job:
    """One picture: its place in the index and the function that draws it.

    What it shows is said by a pattern and a noun, so that few sentences need translation.
    """

    file: str
    kind: str
    draw: Callable[[], str]
    noun: str
    pattern: str = "{noun}"
    product: str | None = None
    colour: str | None = None
    position: int = 0
    size: tuple[int, int] = (WIDTH, HEIGHT)
    widths: tuple[int, ...] = (400, 800)

    def entry(self) -> dict[str, Any]:
        """The picture as the index lists it."""
        return {
            "file": self.file,
            "product": self.product,
            "colour": self.colour,
            "kind": self.kind,
            "position": self.position,
            "width": self.size[0],
            "height": self.size[1],
            "widths": list(self.widths),
            "alt": {"en": self.pattern.format(noun=self.noun)},
            "alt_pattern": self.pattern,
            "alt_noun": self.noun,
        }


def product_jobs(product: Product) -> Iterator[Job]:
    """All pictures of one product, in the order in which a page shows them."""
    code, noun, first = product.code, product.noun, product.colours[0]
    for colour in product.colours:
        draw = partial(main_picture, product, colour)
        yield Job(f"{code}-{colour}-main", "main", draw, noun, "{noun}", code, colour, 0)
    draw = partial(detail_picture, product, first)
    yield Job(f"{code}-detail", "detail", draw, noun, "{noun}, close view", code, first, 1)
    draw = partial(scale_picture, product, first)
    yield Job(f"{code}-scale", "scale", draw, noun, "{noun} with its dimensions", code, first, 2)
    if code in SCENES:
        shown = next(t.colour for t in SCENES[code].things if t.shape == product.shape)
        yield Job(f"{code}-life", "life", partial(life_picture, code), noun, "{noun} in use", code, shown, 3)


def page_jobs() -> Iterator[Job]:
    """Pictures of pages and categories; a category is described by the thing in front."""
    for place, page in enumerate(PAGES):
        yield Job(page.name, page.kind, page.draw, page.alt, position=place, size=page.size, widths=page.widths)
    nouns = {product.shape: product.noun for product in PRODUCTS}
    for place, (code, (_ground, _scale, things)) in enumerate(TILES.items()):
        noun = nouns[things[-1].shape]
        yield Job(f"tile-{code}", "tile", partial(tile, code), noun, position=place, size=(800, 800))


def raster(tab: Tab, svg: str, size: tuple[int, int]) -> Image.Image:
    """Let the browser paint an SVG text and return the pixels."""
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.set_content(f'<body style="margin:0">{svg}</body>')
    shot = tab.screenshot(type="png", clip={"x": 0, "y": 0, "width": size[0], "height": size[1]})
    return Image.open(io.BytesIO(shot)).convert("RGB")


def export(picture: Image.Image, job: Job) -> None:
    """Write a picture at all its widths."""
    for width in job.widths:
        height = round(picture.height * width / picture.width)
        scaled = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
        scaled.save(MEDIA / f"{job.file}-{width}.webp", quality=QUALITY, method=6)


def brand(tab: Tab) -> None:
    """Write the icons of the shop."""
    folder = MEDIA / "brand"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "favicon.svg").write_text(brand_mark(32) + "\n", encoding="utf-8")
    for name, size in (("apple-touch-icon", 180), ("icon-512", 512)):
        raster(tab, brand_mark(size), (size, size)).save(folder / f"{name}.png", optimize=True)


def main(codes: list[str]) -> None:
    """Draw, export and index."""
    families.load()
    MEDIA.mkdir(parents=True, exist_ok=True)
    jobs = [job for product in PRODUCTS for job in product_jobs(product)] + list(page_jobs())
    wanted = [j for j in jobs if not codes or (j.product or j.file) in codes]
    binary = shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=binary, args=SWITCHES)
        tab = browser.new_page()
        for job in wanted:
            export(raster(tab, job.draw(), job.size), job)
        brand(tab)
        browser.close()
    known = {f"{job.file}-{width}.webp" for job in jobs for width in job.widths}
    for path in MEDIA.glob("*.webp"):
        if path.name not in known:
            path.unlink()
    index = [job.entry() for job in jobs]
    text = json.dumps(index, ensure_ascii=False, indent=1)
    (MEDIA / "index.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
