"""Derived rows can be rebuilt, and a wrong one is found."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from catalog.models import EffectivePrice, FacetRow, SearchDocument
from core.integrity import registered, run
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup():
    small_world("de", "jp")
    option("colour", {"ink": None, "bone": None})
    return make_product("cup", category="kitchen", options={"colour": ("ink", "bone")})


def catalogue_findings():
    checks = [check for check in registered() if check.code.startswith("C") and check.code[1:].isdecimal()]
    return {finding.check.code: finding.examples for finding in run(checks) if finding.count}


def test_derived_rows_come_back_after_they_are_lost(cup):
    before = sorted(EffectivePrice.objects.values_list("variant", "market", "amount"))
    for model in (EffectivePrice, FacetRow, SearchDocument):
        model.objects.all().delete()
    call_command("catalog_refresh", "--all", verbosity=0)
    assert sorted(EffectivePrice.objects.values_list("variant", "market", "amount")) == before
    assert FacetRow.objects.filter(product=cup).exists()
    assert SearchDocument.objects.filter(product=cup).count() == 8


def test_a_wrong_effective_price_is_found(cup):
    call_command("prices_verify", verbosity=0)
    EffectivePrice.objects.filter(market__code="de").update(amount=Decimal("19.99"))
    with pytest.raises(CommandError, match="2 effective prices"):
        call_command("prices_verify", verbosity=0)


def test_a_sound_catalogue_has_no_findings_and_planted_faults_are_named(cup):
    assert catalogue_findings() == {}
    variant = cup.variants.first()
    variant.option_values.all().delete()
    EffectivePrice.objects.filter(variant=variant, market__code="de").update(amount=Decimal("1.00"))
    cup.routes.all().delete()
    cup.rating_count = 3
    cup.save(update_fields=["rating_count"])
    found = catalogue_findings()
    assert set(found) >= {"C01", "C02", "C04", "C06", "C07"}
    assert variant.sku in found["C01"]
