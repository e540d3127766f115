"""The Retail Demo Store: a YAML list with exact prices."""

import gzip

import pytest

from catalog.importers.retaildemo.format import RetailDemoFormat
from catalog.models import Category, Price, Product
from core.money import Money
from tests.importers.reading import DATA, a_shop, bring_in, complaints, counts, twice, understand

REAL = DATA / "catalog-retail-demo-store" / "products.yaml.gz"
SOME = 60
BAG = """
- id: b-1
  current_stock: 15
  name: Canvas Bag
  category: accessories
  style: day_bag
  description: Holds a lot.
  price: 129.99
  gender_affinity: F
"""


def test_a_record_becomes_a_product() -> None:
    product = understand(RetailDemoFormat(), BAG, name="p.yaml").only
    assert (product.draft.code, product.variants[0].price) == ("b-1", Money("129.99", "EUR"))
    assert product.category is not None
    assert product.category.steps == ("Accessories", "Day bag")
    assert product.variants[0].quantity == 15
    assert product.details[0].choices[0].name == "Women"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("price: 129.99", "price: 0", "price"), ("price: 129.99", "price: dear", "price"), ("Canvas Bag", "''", "name")],
)
def test_a_broken_record_is_named_and_the_others_go_in(old: str, new: str, column: str) -> None:
    a_shop()
    job = bring_in("retaildemo", BAG + BAG.replace("b-1", "b-2").replace(old, new), name="p.yaml")
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(2, column)]


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_every_real_record_can_be_read() -> None:
    found = understand(RetailDemoFormat(), REAL.read_bytes(), name="products.yaml.gz")
    assert (len(found.products), found.refusals) == (2465, [])


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_real_records_come_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    records = gzip.decompress(REAL.read_bytes()).split(b"\n- ")
    content = gzip.compress(b"\n- ".join(records[:SOME]))
    assert twice("retaildemo", content, name="p.yaml.gz") == ({"created": SOME}, {"unchanged": SOME})
    assert (Product.objects.count(), Price.objects.count()) == (SOME, SOME)
    assert Category.objects.exclude(parent=None).exists()
