"""Order pages over HTTP: whose they are, and what a stranger learns (nothing)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from markets.queries import brand_of, market_by_code
from members.models import User
from orders.actions import grant_access, revoke_access, ship_fulfillment
from orders.models import Order, OrderAccess
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.markets import PaymentMethodFactory
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, names={"en": "Kesen kettle"}), 2))


def test_a_link_opens_its_order_and_survives_reload(order: Order) -> None:
    link = f"orders/{order.number}/{grant_access(number=order.number)}/"

    for _ in range(2):
        page = Shopper().get(link)
        assert page.status == 200
        assert "Kesen kettle" in page.text
        assert "Kastanienallee 41" in page.text
    header = page.response  # the last one
    assert "no-store" in header["Cache-Control"]
    assert header["X-Robots-Tag"] == "noindex"


def test_the_secret_itself_is_not_stored(order: Order) -> None:
    secret = grant_access(number=order.number)

    assert not OrderAccess.objects.filter(token_hash=secret).exists()
    assert len(secret) >= 22


@pytest.mark.parametrize("how", ["wrong", "foreign", "ended", "revoked"])
def test_other_peoples_links_show_nothing(order: Order, how: str) -> None:
    secret = grant_access(number=order.number)
    number = order.number
    if how == "wrong":
        secret = secret[:-2] + "xx"
    if how == "foreign":
        market = market_by_code("de", language="en")
        number = placed_order(market, (item_in(market), 1)).number
    if how == "ended":
        OrderAccess.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "revoked":
        revoke_access(number=order.number)

    page = Shopper().get(f"orders/{number}/{secret}/")

    assert page.status == 404
    assert "Kesen kettle" not in page.text
    assert EMAIL not in page.text
    assert Shopper().get(f"orders/{number}/{secret}/status/").status == 404


def test_number_and_email_open_the_order(order: Order) -> None:
    shopper = Shopper()

    answer = shopper.post("orders/find/", number=order.number.lower(), email=EMAIL.upper())

    assert answer.status == 303
    assert "Kesen kettle" in shopper.follow(answer.location).text


def test_a_wrong_pair_gets_one_neutral_answer(order: Order) -> None:
    answers = [
        Shopper().post("orders/find/", number=order.number, email="other@example.com"),
        Shopper().post("orders/find/", number="MER-00000000", email=EMAIL),
    ]

    sentence = "We found no order for these details."
    assert [answer.status for answer in answers] == [404, 404]
    assert all(sentence in answer.text for answer in answers)


def test_trying_out_pairs_is_slowed_down(order: Order) -> None:
    statuses = [
        Shopper().post("orders/find/", number=order.number, email=f"p{n}@example.com").status for n in range(11)
    ]

    assert statuses == [404] * 10 + [429]
    assert Shopper().post("orders/find/", number=order.number, email=EMAIL).status == 429


def test_a_member_opens_their_own_order_and_nobody_elses() -> None:
    market = market_by_code("de")
    owner, other = User.objects.create_user("owner@example.com"), User.objects.create_user("other@example.com")
    order = placed_order(market, (item_in(market), 1), user_id=owner.pk)
    shopper = Shopper()

    assert shopper.get(f"orders/{order.number}/open/").status == 302
    shopper.client.force_login(other)
    assert shopper.get(f"orders/{order.number}/open/").status == 404
    shopper.client.force_login(owner)
    assert shopper.get(f"orders/{order.number}/open/").status == 303


def test_the_page_shows_the_parcel_on_its_way(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD000390217")

    page = Shopper().get(f"orders/{order.number}/{grant_access(number=order.number)}/")

    assert "JJD000390217" in page.text
    assert "Handed to the carrier" in page.text


def test_the_page_costs_the_same_for_one_line_and_for_eight(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    market = market_by_code("de")
    small = paid_order(market, (item_in(market), 1))
    large = paid_order(market, *((item_in(market), 1) for _ in range(8)))
    for order in (small, large):
        link = f"orders/{order.number}/{grant_access(number=order.number)}/"
        Shopper().get(link)
        with django_assert_max_num_queries(14):  # one of them for what its reader wishes, one for parts that were paid
            Shopper().get(link)


def test_a_payment_is_called_by_its_brand_not_by_its_code(order: Order) -> None:
    PaymentMethodFactory(code="bancontact", brand="Bancontact (Belgium)")
    Payment.objects.update(method="bancontact", provider="stripe")

    page = Shopper().get(f"orders/{order.number}/{grant_access(number=order.number)}/")

    assert "Bancontact" in page.text
    assert "bancontact" not in page.text
    assert brand_of("unheard_of") == "unheard_of"
