"""Imports and the category tree: its lock comes first, and what stands in the tree stays where it stands."""

from collections.abc import Sequence

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import actions
from catalog.actions.tree import _TREE_LOCK
from catalog.importers import batches as importing
from catalog.importers.apply import Target
from catalog.importers.batches import Piece, Told
from catalog.models import Category, Product
from core.audit import _CHAIN_LOCK
from core.jobs import run_job, start_job
from core.models import Job
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
PARAMS = {"format": "portolan", "market": "de", "language": "en", "reader": "en"}


@pytest.fixture(autouse=True)
def shop() -> None:
    small_world("de")
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen"}})
    actions.put_category(code="pots", texts={"name": {"en": "Pots"}}, parent="kitchen")
    make_product("kettle", names={"en": "Kettle"})


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """Which of the two locks each batch of an import took, in order."""
    found: list[list[int]] = []
    apply = importing._all_applied
    names = {f"({number})": number for number in (_TREE_LOCK, _CHAIN_LOCK)}

    def watched(batch: Sequence[Piece], target: Target) -> list[Told]:
        with CaptureQueriesContext(connection) as queries:
            told = apply(batch, target)
        statements = [row["sql"] for row in queries.captured_queries if "pg_advisory_xact_lock" in row["sql"]]
        found.append([number for sql in statements for written, number in names.items() if written in sql])
        return told

    monkeypatch.setattr(importing, "_all_applied", watched)
    return found


def bring_in(*rows: str) -> None:
    file = ContentFile(("\n".join(rows) + "\n").encode(), name="products.csv")
    done = run_job(start_job(kind="import.catalogue", title="test", params=PARAMS, file=file).pk)
    assert done.state == Job.State.DONE, done.failure


def test_the_tree_is_locked_before_anything_is_recorded(batches: list[list[int]]) -> None:
    """A move locks the tree and then the chain of the audit; the other way round the two could wait in a circle."""
    bring_in(
        "row,code,parent,product,category,name[en]",
        "category,lids,kitchen,,,Lids",
        "product,,,kettle,,Kettle with a lid",
        "product,,,lid,lids,Lid",
    )
    assert Category.objects.get(code="lids").parent == Category.objects.get(code="kitchen")
    assert Product.objects.get(code="lid").primary_category == Category.objects.get(code="lids")
    (locks,) = batches
    assert locks[0] == _TREE_LOCK
    assert _CHAIN_LOCK in locks


def test_known_categories_need_no_lock_and_stay_where_they_stand(batches: list[list[int]]) -> None:
    bring_in(
        "row,code,parent,product,category,name[en]",
        "category,kitchen,,,,Kitchen and bath",
        "category,pots,,,,Pots and pans",
        "product,,,kettle,pots,Kettle",
    )
    assert [_TREE_LOCK not in locks for locks in batches] == [True]
    pots = Category.objects.get(code="pots")
    assert (pots.name, pots.parent) == ("Pots and pans", Category.objects.get(code="kitchen"))
