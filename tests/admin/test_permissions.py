"""Who may do what to an order: nobody, a shopper, the wrong operator, the right one."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.models import AuditEntry
from orders.models import Order, OrderEvent
from tests.admin.people import operator, shopper
from tests.admin.worlds import KEY, an_order, parcel
from tests.shared_world import kept

pytestmark = pytest.mark.django_db

EVERY = ("capture_order", "fulfill_order", "cancel_order", "refund_order", "hold_order", "note_order", "tag_order")


def _parcel_address(deed: str) -> Callable[[Order], str]:
    return lambda order: f"parcels/{parcel(order).pk}/{deed}/"


DEEDS: dict[str, tuple[str, Callable[[Order], str], dict[str, str]]] = {
    "pack": ("fulfill_order", _parcel_address("pack"), {}),
    "ship": ("fulfill_order", _parcel_address("ship"), {"carrier": "DHL"}),
    "deliver": ("fulfill_order", _parcel_address("deliver"), {}),
    "capture": ("capture_order", lambda order: "capture/", {}),
    "hold": ("hold_order", lambda order: "hold/", {"reason": "Wait"}),
    "note": ("note_order", lambda order: "notes/", {"note": "Called"}),
    "tag": ("tag_order", lambda order: "tags/", {"new_tag": "Gift"}),
    "refund": ("refund_order", lambda order: "refund/", {"reason": "Late", "shipping": "1.00", "step": "preview"}),
    "cancel": ("cancel_order", lambda order: "cancel/", {"reason": "Late", "step": "confirm"}),
}


@kept
def one_order() -> Order:
    return an_order(1)


def _facts(order: Order) -> tuple[int, int, int]:
    return (
        OrderEvent.objects.filter(order=order).count(),
        AuditEntry.objects.count(),
        Order.objects.values_list("version", flat=True).get(pk=order.pk),
    )


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["nobody", "shopper", "wrong operator"])
def test_others_are_turned_away_and_nothing_changes(deed: str, who: str) -> None:
    permission, address, answers = DEEDS[deed]
    order = one_order()
    others = [f"orders.{name}" for name in EVERY if name != permission]
    browser = {"nobody": Client, "shopper": shopper, "wrong operator": lambda: operator("orders.view_order", *others)}
    before = _facts(order)

    response = browser[who]().post(f"/admin/orders/{order.number}/{address(order)}", {"key": KEY, **answers})

    if who == "wrong operator":
        assert response.status_code == 403
    else:
        assert response.status_code == 302
        assert "/admin/login/" in response["Location"]
    assert _facts(order) == before


@pytest.mark.parametrize("deed", DEEDS)
def test_the_right_operator_is_let_in(deed: str) -> None:
    permission, address, answers = DEEDS[deed]
    order = one_order()

    response = operator(f"orders.{permission}").post(
        f"/admin/orders/{order.number}/{address(order)}", {"key": KEY, **answers}
    )

    assert response.status_code in (200, 302, 422)


@pytest.mark.parametrize("path", ["/admin/orders/", "/admin/orders/{number}/", "/admin/import/"])
def test_pages_need_their_view_permission(path: str) -> None:
    order = one_order()
    address = path.format(number=order.number)

    assert operator().get(address).status_code == 403
    assert operator("orders.view_order", "catalog.import_products").get(address).status_code == 200
    assert shopper().get(address).status_code == 302


def test_an_operator_sees_only_what_they_may_do() -> None:
    order = one_order()

    page = operator("orders.view_order").get(f"/admin/orders/{order.number}/").content.decode()

    for deed in ("pack/", "ship/", "refund/", "cancel/", "hold/", "notes/", "tags/", "capture/"):
        assert f"/admin/orders/{order.number}/{deed}" not in page
        assert f'/{deed}"' not in page
