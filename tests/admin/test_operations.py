"""Operations on an order over HTTP: each does its deed once, writes who did it, and says no in words."""

import pytest
from django.test import Client
from pytest_django import Settings

from core.models import AuditEntry
from inventory.models import StockItem
from orders.models import Lifecycle, Order, OrderEvent, PaymentState
from payments.models import PaymentTransaction
from tests.admin.people import operator, text
from tests.admin.worlds import KEY, an_order, authorized_order, parcel, unpaid_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    return an_order(1)


def _audited(action: str) -> AuditEntry:
    entry = AuditEntry.objects.get(action=action)
    assert entry.actor_id is not None, "the audit names the person"
    return entry


def _post(browser: Client, order: Order, deed: str, **answers: object):
    return browser.post(f"/admin/orders/{order.number}/{deed}", {"key": KEY, **answers})


def test_packing_part_of_a_line_leaves_the_rest_planned() -> None:
    order = an_order(3)
    line = order.lines.get()

    response = _post(
        operator("orders.fulfill_order"), order, f"parcels/{parcel(order).pk}/pack/", **{f"line_{line.pk}": 2}
    )

    assert response.status_code == 302
    assert [(row.state, row.lines.get().quantity) for row in order.fulfillments.order_by("position")] == [
        ("planned", 1),
        ("packed", 2),
    ]
    _audited("orders.create_fulfillment")


def test_packing_sent_twice_packs_once() -> None:
    order = an_order(3)
    line, planned = order.lines.get(), parcel(order)
    browser = operator("orders.fulfill_order")

    for _ in range(2):
        assert _post(browser, order, f"parcels/{planned.pk}/pack/", **{f"line_{line.pk}": 1}).status_code == 302

    assert sorted(row.lines.get().quantity for row in order.fulfillments.all()) == [1, 2]


def test_packing_more_than_is_planned_is_refused_with_what_was_typed() -> None:
    order = an_order(2)
    line = order.lines.get()

    response = _post(
        operator("orders.fulfill_order", "orders.view_order"),
        order,
        f"parcels/{parcel(order).pk}/pack/",
        **{f"line_{line.pk}": 9},
    )

    assert response.status_code == 422
    assert 'value="9"' in text(response)
    assert order.fulfillments.count() == 1


def test_a_parcel_leaves_with_carrier_and_number() -> None:
    order = an_order(2)

    response = _post(
        operator("orders.fulfill_order"),
        order,
        f"parcels/{parcel(order).pk}/ship/",
        carrier="DHL",
        tracking_no="JJD1",
        tracking_url="https://example.com/JJD1",
    )

    assert response.status_code == 302
    order.refresh_from_db()
    assert order.fulfillment_state == "shipped"
    assert StockItem.objects.get(variant=order.lines.get().variant_id).on_hand == 18
    package = parcel(order).packages.get()
    assert (package.carrier, package.tracking_no) == ("DHL", "JJD1")
    _audited("orders.ship_fulfillment")


def test_a_tracking_number_is_used_once() -> None:
    first, second = an_order(1), None
    _post(operator("orders.fulfill_order"), first, f"parcels/{parcel(first).pk}/ship/", carrier="DHL", tracking_no="X1")
    from markets.queries import market_by_code
    from tests.factories.orders import paid_order

    variant = first.lines.get().variant
    assert variant is not None
    second = paid_order(market_by_code("de", language="de"), (variant, 1))

    response = _post(
        operator("orders.fulfill_order"), second, f"parcels/{parcel(second).pk}/ship/", carrier="DHL", tracking_no="X1"
    )

    assert response.status_code == 422
    assert "already has this tracking number" in text(response)
    assert parcel(second).state == "planned"


def test_an_unpaid_order_is_not_shipped_and_says_why() -> None:
    order = unpaid_order()

    response = _post(operator("orders.fulfill_order"), order, f"parcels/{parcel(order).pk}/ship/", carrier="DHL")

    assert response.status_code == 422
    assert parcel(order).state == "planned"
    assert not AuditEntry.objects.filter(action="orders.ship_fulfillment").exists()


def test_a_parcel_of_another_order_is_not_found(order: Order) -> None:
    other = unpaid_order_in_same_shop(order)

    response = _post(operator("orders.fulfill_order"), order, f"parcels/{parcel(other).pk}/ship/", carrier="DHL")

    assert response.status_code == 404
    assert parcel(other).state == "planned"


def unpaid_order_in_same_shop(order: Order) -> Order:
    from markets.queries import market_by_code
    from tests.factories.orders import placed_order

    variant = order.lines.get().variant
    assert variant is not None
    return placed_order(market_by_code("de", language="de"), (variant, 1))


def test_delivery_of_the_last_parcel_completes_the_order(order: Order) -> None:
    browser = operator("orders.fulfill_order")
    address = f"parcels/{parcel(order).pk}"
    _post(browser, order, f"{address}/ship/", carrier="DHL")

    for _ in range(2):
        assert _post(browser, order, f"{address}/deliver/").status_code == 302

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.COMPLETED
    _audited("orders.deliver_fulfillment")


def test_held_money_is_captured_once(settings: Settings) -> None:
    order = authorized_order(settings)
    assert order.payment_state == PaymentState.AUTHORIZED
    browser = operator("orders.capture_order")

    for _ in range(2):
        assert _post(browser, order, "capture/").status_code == 302

    order.refresh_from_db()
    assert order.payment_state == PaymentState.PAID
    assert PaymentTransaction.objects.filter(kind="captured", payment__order_ref=order.number).count() == 1
    _audited("orders.capture_order")


def test_capturing_nothing_is_refused(order: Order) -> None:
    response = _post(operator("orders.capture_order"), order, "capture/")

    assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="orders.capture_order").exists()


def test_a_held_order_says_so_and_goes_on_when_resolved(order: Order) -> None:
    browser = operator("orders.hold_order", "orders.fulfill_order", "orders.view_order")
    _post(browser, order, "hold/", reason="The customer moves house.")
    refused = _post(browser, order, f"parcels/{parcel(order).pk}/ship/", carrier="DHL")
    page = text(browser.get(f"/admin/orders/{order.number}/"))

    assert refused.status_code == 422
    assert "This order cannot ship yet." in page
    assert "The customer moves house." in page
    _audited("orders.open_hold")

    hold = order.holds.get()
    assert _post(browser, order, f"holds/{hold.pk}/", resolution="New address is known.").status_code == 302
    assert _post(browser, order, f"parcels/{parcel(order).pk}/ship/", carrier="DHL").status_code == 302
    _audited("orders.resolve_hold")


def test_a_hold_of_another_order_is_not_found(order: Order) -> None:
    browser = operator("orders.hold_order")
    _post(browser, order, "hold/", reason="Wait")
    other = unpaid_order_in_same_shop(order)

    assert _post(browser, other, f"holds/{order.holds.get().pk}/", resolution="x").status_code == 404
    assert order.holds.get().is_open


def test_a_note_stays_with_the_team_and_is_kept_once(order: Order) -> None:
    browser = operator("orders.note_order", "orders.view_order")

    for _ in range(2):
        assert _post(browser, order, "notes/", note="Called, <b>twice</b>.").status_code == 302

    note = OrderEvent.objects.get(kind="note")
    assert (note.note, note.visibility) == ("Called, <b>twice</b>.", "internal")
    assert "Called, &lt;b&gt;twice&lt;/b&gt;." in text(browser.get(f"/admin/orders/{order.number}/"))
    _audited("orders.add_note")


def test_an_empty_note_is_refused_and_the_page_shown_again(order: Order) -> None:
    response = _post(operator("orders.note_order"), order, "notes/", note=" ")

    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert not OrderEvent.objects.filter(kind="note").exists()


def test_canceling_shows_what_it_does_before_it_does_it() -> None:
    order = an_order(2)
    browser = operator("orders.cancel_order", "orders.view_order")

    preview = _post(browser, order, "cancel/", reason="Out of date", step="preview")
    order.refresh_from_db()
    assert preview.status_code == 200
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert "2 units can be sold again" in text(preview)

    for _ in range(2):
        assert _post(browser, order, "cancel/", reason="Out of date", step="confirm").status_code == 302
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CANCELED
    assert order.refunds.get().amount == order.total
    assert StockItem.objects.get(variant=order.lines.get().variant_id).allocated == 0
    assert _audited("orders.cancel_order").reason == "Out of date"


def test_a_sent_order_is_not_canceled(order: Order) -> None:
    browser = operator("orders.cancel_order", "orders.fulfill_order")
    _post(browser, order, f"parcels/{parcel(order).pk}/ship/", carrier="DHL")

    response = _post(browser, order, "cancel/", reason="Too late", step="confirm")

    assert response.status_code == 422
    assert "has already been sent" in text(response)


def test_opening_an_operation_by_address_leads_to_the_order(order: Order) -> None:
    response = operator("orders.note_order").get(f"/admin/orders/{order.number}/notes/")

    assert response.status_code == 302
    assert response["Location"] == f"/admin/orders/{order.number}/"


def test_an_unknown_order_is_not_found() -> None:
    assert operator("orders.view_order").get("/admin/orders/TST-0/").status_code == 404
