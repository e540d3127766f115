"""The demo shop's catalogue, out and in again: nine languages' worth of words, options, prices and stock."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.models import Product
from core.models import JobItem
from tests.importers.own_format import bring_in, complaints, counts, export
from tests.importers.snapshots import snapshot

pytestmark = pytest.mark.django_db
STEPS = (
    "warehouses", "categories, options and attributes", "products", "prices", "pictures", "stock",
    "a set, a pre-sale and a download",
)  # fmt: skip
"""What the format carries, and what that stands on. Nothing of it is derived."""


@pytest.fixture
def demo() -> None:
    call_command("load_reference", verbosity=0)
    call_command("seed_demo", only=list(STEPS), verbosity=0)
    with connection.cursor() as cursor:  # in a shop autovacuum does it, before so many rows are asked for at once
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("demo")
def test_the_demo_catalogue_changes_nothing_when_it_comes_back(tmp_path: Path) -> None:
    before = snapshot()
    for format_code in ("csv", "xlsx"):
        job = bring_in(export(tmp_path, format_code=format_code), name=f"demo.{format_code}")
        assert [(item.title, item.changes) for item in JobItem.objects.filter(job=job) if item.changes] == []
        assert counts(job) == {"unchanged": Product.objects.count()}, complaints(job)
    assert snapshot() == before
