"""Reference tables: loading them once, twice, and changed."""

import pytest

from markets.models import Market, TaxRate
from markets.reference import load_reference

pytestmark = pytest.mark.django_db


def test_a_second_load_changes_nothing() -> None:
    first = load_reference()
    rates = TaxRate.objects.count()
    assert rates > 200
    second = load_reference()
    assert all(one.skipped for one in second)
    forced = load_reference(force=True)
    for one in forced:
        print(one)
    assert TaxRate.objects.count() == rates
    assert list(Market.objects.filter(active=True).values_list("code", flat=True)) == [
        "de", "fr", "gb", "us", "jp", "ae", "sa", "br", "mx", "ch"]
