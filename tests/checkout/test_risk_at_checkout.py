"""What checkout tells the risk rules, and the challenge on the page that pays again."""

import pytest
from django.test import RequestFactory

from checkout.risk import asked_for, challenge_for, person_of, place_of
from markets.types import MarketContext
from orders.actions import cancel_order
from orders.models import Order
from orders.queries import amount_due, has_paid_before
from payments.models import Payment, RiskSubject, VelocityLimit
from payments.queries import methods_for, payment_state
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.factories.payments import fact, settled, started

ADDRESS = {
    "country": "DE",
    "parts": {"name": "Somebody", "street": "Musterstr. 1", "city": "Berlin", "postal_code": "10115", "phone": "1"},
    "lines": ["Somebody", "Musterstr. 1", "10115 Berlin"],
}


def asked(order: Order, shop: MarketContext, method: str = "card"):
    due = amount_due(order)
    chosen = next(one for one in methods_for(shop, due) if one.code == method)
    return asked_for(order, chosen, due, shop, person_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")))


def test_an_address_is_the_place_and_not_who_lives_there() -> None:
    flatmate = {**ADDRESS, "parts": {**ADDRESS["parts"], "name": "Somebody else", "phone": "2"}}
    assert place_of(ADDRESS) == place_of(flatmate)
    assert "Somebody" not in place_of(ADDRESS)
    assert place_of({}) == place_of({"country": "DE", "parts": {}}) == ""


@pytest.mark.django_db
def test_the_order_is_described_as_it_was_placed() -> None:
    shop = open_shop("de")
    order = placed_order(shop, (item_in(shop), 1))
    told = asked(order, shop)
    assert told.visitor == "192.0.2.1"
    assert (told.about.order_ref, told.about.worth, told.about.email) == (order.number, order.total, order.email)
    assert told.about.ship_country == order.country
    assert told.about.is_first


@pytest.mark.django_db
def test_an_order_is_the_first_until_another_was_paid_and_kept() -> None:
    shop = open_shop("de")
    item = item_in(shop, stock=9)
    first = paid_order(shop, (item, 1))
    second = placed_order(shop, (item, 1))
    assert second.email_hash == first.email_hash
    assert has_paid_before(second)
    assert not has_paid_before(first)
    cancel_order(number=first.number, reason="A test")
    assert not has_paid_before(second)


@pytest.mark.django_db
def test_only_ways_at_the_shops_risk_can_be_refused_and_only_where_another_is_left() -> None:
    shop = open_shop("de")
    order = placed_order(shop, (item_in(shop), 1))
    kinds = {one.code: one.kind for one in methods_for(shop, amount_due(order))}
    safe = [code for code, kind in kinds.items() if kind not in ("card", "wallet", "bank_debit")]
    assert asked(order, shop).about.may_refuse is bool(safe)
    for code in safe:
        assert not asked(order, shop, code).about.may_refuse


@pytest.mark.django_db
def test_after_enough_failures_the_page_asks_for_the_total_again() -> None:
    shop = open_shop("de")
    order = placed_order(shop, (item_in(shop), 1))
    VelocityLimit.objects.update(failures=2, effect="challenge")
    assert challenge_for(order, payment_state(order.number), visitor="192.0.2.1") == ""
    payment = started(order.total, order=order.number)
    settled(payment, fact(payment, "declined", fact_ref="1"), fact(payment, "failed", fact_ref="2"))
    assert challenge_for(order, payment_state(order.number), visitor="192.0.2.1")
    assert Payment.objects.count() == 1
    assert not RiskSubject.objects.exists()
