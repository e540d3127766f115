"""A customer corrects the address of an order by its link, until somebody packs it, for the same money."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from core.models import AuditEntry
from inventory.models import DeliveryRate
from markets.queries import market_by_code
from orders.actions import grant_access, start_packing
from orders.actions.correcting import AddressCostsOtherwise, AddressStays, correct_address
from orders.address_page import stored_address
from orders.changes.errors import OrderMoved
from orders.models import Order, OrderChange
from orders.types import PostalAddress
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import ADDRESSES
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'type="hidden" name="(version|key)" value="([^"]*)"')
BETTER = {**ADDRESSES["DE"], "street": "Kastanienallee 42"}


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market), 2))


def address_of(order: Order, **changes: str) -> PostalAddress:
    return stored_address({**ADDRESSES["DE"], **changes}, order)


def correct(order: Order, *, key: str = "k", **changes: str) -> OrderChange | None:
    order.refresh_from_db()
    return correct_address(number=order.number, address=address_of(order, **changes), version=order.version, key=key)


def test_a_corrected_address_is_kept_and_the_money_stays(order: Order) -> None:
    total = order.total
    change = correct(order, street="Kastanienallee 42")

    order.refresh_from_db()
    assert change is not None
    assert order.addresses["ship"]["parts"]["street"] == "Kastanienallee 42"
    assert order.total == total
    assert AuditEntry.objects.filter(action="orders.change_order").count() == 1


def test_the_same_address_changes_nothing(order: Order) -> None:
    order.refresh_from_db()
    stored = order.addresses["ship"]
    same = PostalAddress(country=stored["country"], parts=tuple(stored["parts"].items()), lines=tuple(stored["lines"]))
    assert correct_address(number=order.number, address=same, version=order.version, key="k") is None
    assert not OrderChange.objects.exists()


def test_a_key_corrects_once(order: Order) -> None:
    first = correct(order, street="Kastanienallee 42")
    again = correct(order, street="Kastanienallee 43")
    assert first is not None
    assert again is not None
    assert first.pk == again.pk
    assert OrderChange.objects.count() == 1


def test_another_country_is_another_sale(order: Order) -> None:
    there = PostalAddress(country="FR", parts=(("name", "Test Person"),), lines=("Paris",))
    with pytest.raises(AddressStays):
        correct_address(number=order.number, address=there, version=order.version, key="k")


def test_an_order_that_is_being_packed_goes_where_it_goes(order: Order) -> None:
    start_packing(fulfillment_id=parcel_of(order).pk)
    with pytest.raises(AddressStays):
        correct(order, street="Kastanienallee 42")


def test_an_address_at_which_it_costs_otherwise_is_refused_with_the_difference(order: Order) -> None:
    DeliveryRate.objects.update(amount=99)  # the delivery became dearer since
    with pytest.raises(AddressCostsOtherwise) as refusal:
        correct(order, street="Kastanienallee 42")
    assert refusal.value.difference.amount > 0
    order.refresh_from_db()
    assert order.addresses["ship"]["parts"]["street"] == "Kastanienallee 41"


def test_somebody_elses_change_in_between_is_not_overwritten(order: Order) -> None:
    order.refresh_from_db()
    Order.objects.update(version=order.version + 1)
    with pytest.raises(OrderMoved):
        correct_address(
            number=order.number, address=address_of(order, street="Kastanienallee 42"), version=order.version, key="k"
        )


def page_of(order: Order) -> tuple[str, dict[str, str]]:
    link = f"orders/{order.number}/{grant_access(number=order.number)}/"
    shown = Shopper().get(f"{link}address/")
    assert shown.status == 200
    return link, dict(HIDDEN.findall(shown.text))


def test_a_guest_corrects_it_on_a_page_that_the_order_leads_to(order: Order) -> None:
    link, hidden = page_of(order)
    assert f"{link}address/" in Shopper().get(link).text

    assert Shopper().post(f"{link}address/", **{**hidden, **BETTER}).status == 303
    assert "Kastanienallee 42" in Shopper().get(link).text


def test_what_is_wrong_is_said_beside_what_was_typed(order: Order) -> None:
    link, hidden = page_of(order)
    answer = Shopper().post(f"{link}address/", **{**hidden, **BETTER, "postal_code": "no such code"})
    assert answer.status == 422
    assert "no such code" in answer.text
    assert not OrderChange.objects.exists()


def test_a_refusal_names_the_way_to_ask_and_never_the_operators_words(order: Order) -> None:
    link, hidden = page_of(order)
    start_packing(fulfillment_id=parcel_of(order).pk)
    answer = Shopper().post(f"{link}address/", **{**hidden, **BETTER})
    assert answer.status == 422
    assert f"{link}questions/" in answer.text
    assert "Capture" not in answer.text
    assert "address/" not in Shopper().get(link).text


@pytest.mark.parametrize("secret", ["wrong", "foreign", "ended"])
def test_another_link_corrects_nothing(order: Order, secret: str) -> None:
    _link, hidden = page_of(order)
    given = grant_access(number=order.number)
    if secret == "wrong":
        given = f"{given[:-2]}xx"
    if secret == "foreign":
        place = market_by_code("de", language="en")
        given = grant_access(number=placed_order(place, (item_in(place), 1)).number)
    if secret == "ended":
        order.accesses.update(expires_at=timezone.now())
    answer = Shopper().post(f"orders/{order.number}/{given}/address/", **{**hidden, **BETTER, "key": str(uuid4())})
    assert answer.status == 404
    assert not OrderChange.objects.exists()
