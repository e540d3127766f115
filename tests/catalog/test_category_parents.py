"""Parents of categories set elsewhere than in the tree: by the form of the category, by a file, by a seed."""

import pytest
from django.urls import reverse

from catalog import actions
from catalog.actions.categories import move_category
from catalog.actions.tree import category_order
from catalog.actions.vocabulary import describe_category
from catalog.errors import CategoryCycle
from catalog.models import Category, DirtyProduct
from catalog.trees import Place
from tests.admin.people import owner
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def world() -> None:
    small_world("de")
    for position, (code, parent) in enumerate((("kitchen", None), ("pots", "kitchen"), ("bath", None))):
        actions.put_category(code=code, texts={"name": {"en": code.title()}}, parent=parent, position=position)


def parents() -> dict[str, str | None]:
    return dict(Category.objects.values_list("code", "parent__code"))


def pk_of(code: str) -> int:
    return Category.objects.get(code=code).pk


def form_of(code: str, parent: str, **more: str) -> dict[str, str]:
    row = Category.objects.get(code=code)
    fields = {"code": code, "name": row.name, "position": str(row.position), "active": "on", "in_menu": "on"}
    fields |= {"facets-TOTAL_FORMS": "0", "facets-INITIAL_FORMS": "0"}
    return fields | {"parent": str(pk_of(parent)) if parent else ""} | more


def save(code: str, fields: dict[str, str]):
    return owner().post(reverse("admin:catalog_category_change", args=[pk_of(code)]), fields)


def test_the_form_moves_a_category_and_lists_everything_below_it_anew(run_outbox) -> None:
    pot = make_product("pot", category="pots")
    actions.drain_dirty()

    assert save("kitchen", form_of("kitchen", "bath")).status_code == 302

    assert parents() == {"kitchen": "bath", "pots": "kitchen", "bath": None}
    run_outbox()
    assert DirtyProduct.objects.filter(product=pot).exists()


@pytest.mark.parametrize("parent", ["kitchen", "pots"])
def test_the_form_refuses_a_parent_below_the_category(parent: str) -> None:
    before = parents()
    answer = save("kitchen", form_of("kitchen", parent))
    assert answer.status_code == 200
    assert "A category cannot be moved below itself." in answer.content.decode()
    assert parents() == before


def test_a_form_that_was_open_meanwhile_does_not_move_the_category_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The form holds the old parent. What its operator did not change stays as somebody else has left it."""
    fields = form_of("pots", "kitchen", name="Big pots")
    late = Category.objects.get(code="pots")
    tree = category_order()
    move_category(category_id=late.pk, to=Place(parent_id=pk_of("bath")), seen=tree.stamp(late.pk))
    monkeypatch.setattr("catalog.admin.vocabulary.CategoryAdmin.get_object", lambda *_args, **_more: late)

    assert save("pots", fields).status_code == 302

    assert parents()["pots"] == "bath"
    assert Category.objects.get(code="pots").name == "Big pots"


@pytest.mark.parametrize("parent", ["kitchen", "pots"])
def test_nobody_tells_a_category_to_stand_below_itself(parent: str) -> None:
    before = parents()
    with pytest.raises(CategoryCycle):
        actions.put_category(code="kitchen", texts={}, parent=parent)
    assert parents() == before


def test_words_from_a_file_leave_a_category_where_it_stands() -> None:
    describe_category(code="pots", texts={"name": {"en": "Pans"}}, position=7)
    row = Category.objects.get(code="pots")
    assert (row.name, row.position, parents()["pots"]) == ("Pans", 7, "kitchen")
