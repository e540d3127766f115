"""The pages of changes of many rows: before anything is described, and where there are very many details."""

import pytest
from django.urls import reverse

from catalog.actions import put_attribute
from catalog.actions.bulk import open_bulk_run
from tests.admin.people import operator, text
from tests.factories.catalog import make_product
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world() -> None:
    small_world("de")


def test_the_list_shows_changes_that_nobody_has_described_yet() -> None:
    run = open_bulk_run(target="product", object_ids=[make_product("jug").pk], origin="")
    shown = operator("catalog.change_in_bulk", "catalog.change_product").get(reverse("admin:catalog_bulk_runs"))
    assert reverse("admin:catalog_bulk_run", args=[run.pk]) in text(shown)


def test_very_many_details_are_asked_for_by_code_or_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, name in (("reach", "Reach"), ("lamp", "Light"), ("light", "Light")):
        put_attribute(code=code, names={"en": name}, data_type="number", unit="cm")
    run = open_bulk_run(target="product", object_ids=[make_product("jug").pk], origin="")
    browser = operator("catalog.change_in_bulk", "catalog.change_product")
    address = reverse("admin:catalog_bulk_run", args=[run.pk])
    assert "attribute.reach" in text(browser.get(address))
    assert 'name="detail"' not in text(browser.get(address))
    monkeypatch.setattr("catalog.bulk.fields.MOST_LISTED", 2)
    few = text(browser.get(address))
    assert "attribute.reach" not in few
    assert 'name="detail"' in few
    for words in ("reach", "REACH"):
        assert browser.get(address, {"field": "", "detail": words}).context["form"].field.key == "attribute.reach"
    assert browser.get(address, {"detail": "light"}).context["form"].field.key == "attribute.light"
    for words in ("Light", "nothing"):
        unclear = browser.get(address, {"detail": words})
        assert unclear.context["form"] is None
        assert "There is no detail" in text(unclear)
    browser.post(address, {"deed": "describe", "field": "attribute.reach", "operation": "set", "value": "7"})
    run.refresh_from_db()
    assert run.field == "attribute.reach"
