"""The product of most tests is the one the catalogue's actions make, row for row."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from catalog.models import Product
from tests.factories.catalog import make_product, price_list
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db

LOGGED = {"core.auditentry", "catalog.dirtyproduct", "catalog.listingstate", "catalog.listingbits"}
"""Who did what; how often it was flagged; which places among all it has, told by `catalog.listingslot`."""
OWN = {"object_id", "variant_ids", "first", "last", "during"}
"""Columns that hold numbers of the rows themselves, and moments."""


def told_by(model: type[models.Model]) -> list[str]:
    """Columns that two makings of the same product have in common: not numbers from a sequence, and no moments."""
    own = (models.AutoField, models.BigAutoField, models.DateTimeField)
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, own)]
    mine = {"product_id", "variant_id"}
    return [field.attname for field in fields if field.attname not in OWN | mine]


def left_by(make: Callable[[], Product]) -> dict[str, list[list[str]]]:
    """Every row in every table that came with it; nothing of it stays."""
    kinds = [model for model in apps.get_models() if model._meta.label_lower not in LOGGED]
    known = {model: set(model._default_manager.values_list("pk", flat=True)) for model in kinds}
    found: dict[str, list[list[str]]] = {}
    with transaction.atomic():
        make()
        for model in kinds:
            fresh = [row for row in model._default_manager.all() if row.pk not in known[model]]
            rows = [[f"{name}={getattr(row, name)}" for name in told_by(model)] for row in fresh]
            found[model._meta.label_lower] = sorted(rows)
        transaction.set_rollback(True)
    return {label: rows for label, rows in found.items() if rows}


@pytest.mark.parametrize("names", [None, {"en": "Kettle", "de": "Kessel"}])
def test_a_plain_product_leaves_the_rows_that_the_actions_leave(names: dict[str, str] | None) -> None:
    small_world("de", "jp")
    for market in ("de", "jp"):
        price_list(market)
    make_product("before")
    told: dict[str, Any] = {"names": names, "variant": {"gtin": "4006381333931"}}

    plain = left_by(lambda: make_product("twin", stock=10, **told))
    by_actions = left_by(lambda: make_product("twin", stock=[10], **told))

    assert plain == by_actions
    assert {"catalog.product", "catalog.route", "catalog.effectiveprice", "catalog.searchdocument"} <= plain.keys()
