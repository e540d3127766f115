"""The demo shop's pictures are complete, of the declared size, and small."""

import json
from pathlib import Path

import pytest
from PIL import Image

from content.demo.drawing import families
from content.demo.drawing.catalogue import PRODUCTS
from content.demo.drawing.pictures import main_picture
from content.demo.drawing.registry import SHAPES
from content.demo.drawing.scenes import SCENES, life_picture

DEMO = Path(__file__).resolve().parents[2] / "content" / "demo"
MEDIA = DEMO / "media"
KINDS = {"main", "detail", "scale", "life", "hero", "tile", "story", "journal", "og"}
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def index():
    return json.loads((MEDIA / "index.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def products():
    return json.loads((DEMO / "data" / "products.json").read_text(encoding="utf-8"))


def test_every_product_colour_has_a_main_picture(index, products):
    drawn = {(entry["product"], entry["colour"]) for entry in index if entry["kind"] == "main"}
    sold = {
        (product["code"], variant["options"]["colour"])
        for product in products
        for variant in product["variants"]
        if "colour" in variant["options"]
    }
    assert sold
    assert sold <= drawn


def test_every_product_has_a_main_a_close_and_a_scale_picture(index, products):
    for product in products:
        kinds = {entry["kind"] for entry in index if entry["product"] == product["code"]}
        assert {"main", "detail", "scale"} <= kinds, product["code"]


def test_bestsellers_and_enough_others_are_shown_in_use(index, products):
    in_use = {entry["product"] for entry in index if entry["kind"] == "life"}
    best = {p["code"] for p in products if p["flags"]["bestseller_rank"] is not None}
    assert best <= in_use
    assert len(in_use) >= 24


def test_files_have_the_declared_dimensions(index):
    for entry in index:
        for width in entry["widths"]:
            with Image.open(MEDIA / f"{entry['file']}-{width}.webp") as picture:
                assert picture.format == "WEBP"
                assert picture.width == width
                assert abs(picture.height - entry["height"] * width / entry["width"]) <= 1


def test_no_picture_lies_outside_the_index(index):
    listed = {f"{e['file']}-{width}.webp" for e in index for width in e["widths"]}
    assert {path.name for path in MEDIA.glob("*.webp")} == listed


def test_every_picture_is_described_and_of_a_known_kind(index):
    assert len({entry["file"] for entry in index}) == len(index)
    for entry in index:
        assert entry["kind"] in KINDS
        assert entry["alt"]["en"].strip()


def test_pictures_stay_small(index):
    sizes = [path.stat().st_size for path in MEDIA.glob("*.webp")]
    assert sum(sizes) <= 12 * MEGABYTE
    for entry in index:
        if entry["product"]:
            assert (MEDIA / f"{entry['file']}-800.webp").stat().st_size <= 120 * 1024


def test_icons_of_the_shop_exist():
    assert (MEDIA / "brand" / "favicon.svg").read_text(encoding="utf-8").startswith("<svg")
    with Image.open(MEDIA / "brand" / "apple-touch-icon.png") as icon:
        assert icon.size == (180, 180)


def test_the_drawing_list_names_the_products_and_colours_of_the_catalogue(products):
    sold = {
        product["code"]: {v["options"]["colour"] for v in product["variants"] if "colour" in v["options"]}
        for product in products
    }
    drawn = {product.code: set(product.colours) for product in PRODUCTS}
    assert set(sold) == set(drawn)
    for code, colours in sold.items():
        assert colours <= drawn[code], code


def test_the_same_product_and_colour_always_give_the_same_drawing():
    families.load()
    for product in PRODUCTS:
        assert product.shape in SHAPES
        assert main_picture(product, product.colours[0]) == main_picture(product, product.colours[0])
    for code in SCENES:
        assert life_picture(code) == life_picture(code)
