"""What documents declare under the one-stop shops, read from rows as they are issued."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from core.money import Money, from_minor
from markets.models import Country, ExchangeRate, LegalEntity, TaxRegistration
from orders.models import Document, Order
from orders.statements.declared import closing_rate, declared_of, return_of
from orders.statements.periods import TaxPeriod
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import CurrencyFactory
from tests.factories.orders import placed_order
from tests.shared_world import shared_world
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db
Q3 = TaxPeriod(first=date(2026, 7, 1), last=date(2026, 9, 30))
WORDS: dict[str, Any] = {"title": "Invoice", "language": "en", "country": "DE", "sheet": {}}
_sequences = count(1)


def one_order() -> Order:
    market = open_shop()
    placed = placed_order(market, (item_in(market), 1))
    Country.objects.get_or_create(code="FR", defaults={"name": "France", "in_eu_vat_area": True})
    Country.objects.filter(code__in=["DE", "FR"]).update(in_eu_vat_area=True)
    return placed


@shared_world
def order() -> Order:
    return one_order()


def issued(
    order: Order,
    *,
    scheme: str = "oss",
    place: str = "FR",
    reason: str = "standard",
    net: int = 1000,
    tax: int = 200,
    on: date = date(2026, 8, 1),
    paid_on: date = date(2026, 8, 1),
    is_shipped: bool = True,
    summed: int | None = None,
    currency: str = "EUR",
) -> Document:
    """A document with one position at one rate, as `orders.actions.documents` writes it."""
    group = {"place": place, "rate": "0.2", "reason": reason, "label": "vat", "scheme": scheme}
    facts = {
        "paid_on": paid_on.isoformat(),
        "ships_from": "DE",
        "groups": [group],
        "positions": [{"key": "goods:1", "is_shipped": is_shipped}],
        "cells": [{"position": "goods:1", "component": 0, "group": 0, "net": net, "tax": tax}],
    }
    sequence = next(_sequences)
    return Document.objects.create(
        kind="invoice",
        seller=LegalEntity.objects.get(),
        series="2026",
        sequence=sequence,
        number=f"T-{sequence}",
        order=order,
        **WORDS,
        issued_at=timezone.now(),
        issued_on=on,
        total=from_minor(net + tax, currency),
        tax_total=from_minor(tax, currency),
        taxes=[{**group, "net": net if summed is None else summed, "tax": tax}],
        facts=facts,
    )


def seller() -> str:
    return LegalEntity.objects.get().code


def test_only_what_was_taxed_under_the_scheme_is_declared(order: Order) -> None:
    issued(order)
    assert [(one.country, one.net, one.tax) for one in declared_of(seller=seller(), scheme="oss", period=Q3)] == [
        ("FR", 1000, 200)
    ]
    assert declared_of(seller=seller(), scheme="ioss", period=Q3) == []
    assert declared_of(seller="nobody", scheme="oss", period=Q3) == []
    earlier = Q3.before("oss")
    assert declared_of(seller=seller(), scheme="oss", period=earlier) == []


@pytest.mark.parametrize("facts", [{"scheme": "domestic", "place": "DE"}, {"reason": "reverse_charge", "tax": 0}])
def test_domestic_sales_and_untaxed_ones_are_not(order: Order, facts: dict[str, Any]) -> None:
    issued(order, **facts)
    assert declared_of(seller=seller(), scheme="oss", period=Q3) == []


def test_an_invoice_that_was_issued_late_corrects_the_quarter_in_which_it_was_paid(order: Order) -> None:
    issued(order, paid_on=date(2026, 6, 30), on=date(2026, 7, 2))
    found = return_of(seller=seller(), scheme="oss", period=Q3)
    assert found.rows == ()
    assert [(one.period.code, one.tax) for one in found.corrections] == [("2026-Q2", Money("2.00", "EUR"))]


def test_goods_and_services_are_told_apart_by_what_needs_a_parcel(order: Order) -> None:
    issued(order, is_shipped=False)
    (one,) = declared_of(seller=seller(), scheme="oss", period=Q3)
    assert (one.supply, one.sent_from) == ("services", "DE")


@pytest.mark.parametrize(("schemes", "is_declared"), [(["oss"], True), ([], False), (["oss", "domestic"], False)])
def test_an_electronic_service_is_declared_when_the_seller_has_oss_and_no_number_over_there(
    order: Order, schemes: list[str], is_declared: bool
) -> None:
    TaxRegistration.objects.exclude(scheme="domestic", country="DE").delete()
    for scheme in schemes:
        country = "FR" if scheme == "domestic" else "DE"
        TaxRegistration.objects.create(legal_entity=LegalEntity.objects.get(), country_id=country, scheme=scheme)
    issued(order, scheme="digital", is_shipped=False)
    assert bool(declared_of(seller=seller(), scheme="oss", period=Q3)) is is_declared


def test_the_closing_rate_is_that_of_the_last_day_or_the_next_and_never_the_one_before(order: Order) -> None:
    krona = CurrencyFactory(code="SEK")
    for day, rate in ((29, "11.1"), (30, "11.2")):
        ExchangeRate.objects.create(
            base_id="EUR", quote=krona, rate=Decimal(rate), effective_on=date(2026, 8, day), source="ecb"
        )
    assert closing_rate("SEK", date(2026, 8, 30)) == Decimal("11.2")
    assert closing_rate("SEK", date(2026, 8, 28)) == Decimal("11.1")
    assert closing_rate("SEK", date(2026, 8, 31)) is None
    assert closing_rate("SEK", date(2026, 8, 1)) is None


@pytest.mark.parametrize(("net", "codes"), [(1000, set()), (999, {"T32"})])
def test_a_document_whose_rates_do_not_sum_to_its_total_is_found(order: Order, net: int, codes: set[str]) -> None:
    issued(order, summed=net)
    found = broken_checks()
    assert found & {"T32"} == codes
