"""What checkout tells the risk rules, and the challenge on the page that pays again."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from checkout.risk import Person, asked_for, challenge_for, country_of, person_of, place_of
from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.actions import cancel_order, grant_access
from orders.models import Order
from orders.queries import amount_due, has_paid_before
from payments.actions import open_payment
from payments.models import Payment, RiskSubject, VelocityLimit
from payments.queries import methods_for, payment_state
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.factories.payments import fact, settled, started
from tests.orders.test_gift_cards_sold import a_gift_card

ADDRESS: dict[str, Any] = {
    "country": "DE",
    "parts": {"name": "Somebody", "street": "Musterstr. 1", "city": "Berlin", "postal_code": "10115", "phone": "1"},
    "lines": ["Somebody", "Musterstr. 1", "10115 Berlin"],
}


def a_guest(**sent: str) -> HttpRequest:
    """A request of nobody who is signed in, as the middleware hands it on."""
    request = RequestFactory().get("/", **sent)
    request.user = AnonymousUser()
    return request


def asked(order: Order, shop: MarketContext, method: str = "card"):
    due = amount_due(order)
    chosen = next(one for one in methods_for(shop, due) if one.code == method)
    return asked_for(order, chosen, due, shop, person_of(a_guest(REMOTE_ADDR="192.0.2.1")))


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


@pytest.mark.parametrize(
    ("header", "sent", "country"),
    [
        ("", "CH", ""),
        ("CF-IPCountry", "ch", "CH"),
        ("CF-IPCountry", "XX", ""),
        ("CF-IPCountry", "T1", ""),
        ("CF-IPCountry", "Switzerland", ""),
    ],
)
def test_the_country_of_the_connection_is_read_only_from_the_header_that_the_shop_names(
    settings, header: str, sent: str, country: str
) -> None:
    settings.CONNECTION_COUNTRY_HEADER = header
    assert country_of(RequestFactory().get("/", HTTP_CF_IPCOUNTRY=sent)) == country


@pytest.mark.django_db
def test_a_connection_from_elsewhere_is_told_to_the_risk_rules(settings) -> None:
    settings.CONNECTION_COUNTRY_HEADER = "X-Country"
    shop = open_shop("de")
    order = placed_order(shop, (item_in(shop), 1))
    person = person_of(a_guest(REMOTE_ADDR="192.0.2.1", HTTP_X_COUNTRY="BR"))
    chosen = methods_for(shop, amount_due(order))[0]
    assert asked_for(order, chosen, amount_due(order), shop, person).about.ip_country == "BR"


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
def test_gift_cards_of_one_person_are_counted_over_a_day() -> None:
    shop = open_shop("de")
    gift, other = a_gift_card(shop), item_in(shop, stock=9)
    first = placed_order(shop, (gift, 2))
    second = placed_order(shop, (gift, 3), (other, 1))
    assert asked(second, shop).about.gift_cards == 5
    assert asked(placed_order(shop, (other, 1)), shop).about.gift_cards == 0
    Order.objects.filter(pk=first.pk).update(placed_at=timezone.now() - timedelta(hours=25))
    assert asked(second, shop).about.gift_cards == 3


@pytest.mark.django_db
def test_many_gift_cards_are_paid_with_3d_secure() -> None:
    shop = open_shop("de")
    order = placed_order(shop, (a_gift_card(shop), 5))
    due = amount_due(order)
    payment = open_payment(
        order_ref=order.number, amount=due, provider="sandbox", method="card", asked=asked(order, shop)
    )
    assert payment.strong


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
    assert challenge_for(order, payment_state(order.number), Person(visitor="192.0.2.1")) == ""
    payment = started(order.total, order=order.number)
    settled(payment, fact(payment, "declined", fact_ref="1"), fact(payment, "failed", fact_ref="2"))
    assert challenge_for(order, payment_state(order.number), Person(visitor="192.0.2.1"))
    assert Payment.objects.count() == 1
    assert not RiskSubject.objects.exists()


@pytest.mark.django_db
def test_whoever_was_too_quick_waits_on_with_the_same_page_and_then_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop("de")
    order = placed_order(shop, (item_in(shop), 1))
    url = storefront_url(
        "checkout:retry",
        market=shop.code,
        language=shop.language,
        kwargs={"number": order.number, "token": grant_access(number=order.number, purpose="retry")},
    )
    VelocityLimit.objects.update(failures=2, effect="challenge")
    payment = started(order.total, order=order.number)
    settled(payment, fact(payment, "declined", fact_ref="1"), fact(payment, "failed", fact_ref="2"))
    browser = Client()
    shown = browser.get(url).context["page"]
    typed = {"payment": "card", "form_key": shown.form_key, "challenge": shown.challenge}
    typed["total_again"] = f"{order.total.amount:.2f}"
    refused = browser.post(url, typed)
    page = refused.context["page"]
    assert (refused.status_code, page.challenge) == (422, shown.challenge)
    assert [error.field_id for error in page.errors] == ["total_again"]
    assert 'aria-describedby="total_again_error total_again_why"' in refused.content.decode()
    monkeypatch.setattr("payments.risk.challenge.PAUSE", timedelta())
    assert browser.post(url, {**typed, "total_again": "1"}).status_code == 422
    assert "/sandbox/pay/" in browser.post(url, typed)["Location"]
