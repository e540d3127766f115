"""Refunds over HTTP: the preview is the truth, the deed is done once, the goods go where it says."""

import pytest
from django.test import Client

from core.models import AuditEntry
from core.money import Money, to_minor
from inventory.models import StockItem
from orders.actions import ship_fulfillment
from orders.models import Order, OrderRefund
from orders.workspace.refunds import delivery_back
from tests.admin.people import hidden, operator, owner, text
from tests.admin.worlds import KEY, an_order, parcel, settle_refunds
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    return an_order(3)


def _send(browser: Client, order: Order, step: str, **answers: object):
    asked = {"key": KEY, "reason": "Colour differs", "warehouse": "", "step": step, **answers}
    return browser.post(f"/admin/orders/{order.number}/refund/", asked)


def _line(order: Order, units: int) -> dict[str, object]:
    return {f"line_{order.lines.earliest('position').pk}": units}


@pytest.mark.parametrize(("units", "shipping"), [(1, False), (2, True), (3, False), (0, True)])
def test_what_was_shown_is_what_is_booked(units: int, shipping: bool) -> None:
    order = an_order(3, price="33.33")
    browser = owner()
    answers = _line(order, units) | ({"shipping": str(delivery_back(order).left.amount)} if shipping else {})

    preview = _send(browser, order, "preview", **answers)
    assert preview.status_code == 200
    assert not OrderRefund.objects.exists()
    fields = hidden(preview)
    confirmed = browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"})

    assert confirmed.status_code == 302
    refund = OrderRefund.objects.get()
    assert refund.amount == Money(fields["shown"], "EUR") == preview.context["preview"].total
    rows = list(refund.lines.all())
    assert sum(to_minor(row.net) for row in rows) == to_minor(preview.context["preview"].net)
    assert sum(to_minor(row.tax) for row in rows) == to_minor(preview.context["preview"].tax)
    assert AuditEntry.objects.get(action="orders.refund_order").reason == "Colour differs"


def test_the_money_reaches_the_customer() -> None:
    order = an_order(2)
    browser = owner()
    fields = hidden(_send(browser, order, "preview", **_line(order, 1)))
    browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"})

    settle_refunds()

    order.refresh_from_db()
    assert order.payment_state == "partly_refunded"
    assert OrderRefund.objects.get().state == "succeeded"


def test_confirming_twice_refunds_once(order: Order) -> None:
    browser = owner()
    fields = hidden(_send(browser, order, "preview", **_line(order, 1)))

    for _ in range(2):
        assert browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"}).status_code == 302

    assert OrderRefund.objects.count() == 1
    assert order.lines.get().qty_refunded == 1


def test_another_amount_than_shown_is_not_refunded(order: Order) -> None:
    browser = owner()
    fields = hidden(_send(browser, order, "preview", **_line(order, 1)))

    response = browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm", "shown": "0.01"})

    assert response.status_code == 422
    assert "The amount has changed" in text(response)
    assert not OrderRefund.objects.exists()
    assert order.lines.get().qty_refunded == 0


def test_a_preview_can_be_changed_and_nothing_typed_is_lost(order: Order) -> None:
    response = _send(owner(), order, "change", **_line(order, 2))

    assert "Colour differs" in text(response)
    assert 'value="2"' in text(response)
    assert not OrderRefund.objects.exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [({"reason": " "}, "There is a problem"), ({}, "There is a problem"), ({"units": 9}, "There is a problem")],
)
def test_a_refund_that_makes_no_sense_is_refused(answers: dict[str, object], sentence: str) -> None:
    order = an_order(2)
    units = answers.pop("units", 0)

    response = _send(owner(), order, "preview", **(_line(order, int(str(units))) | answers))

    assert response.status_code == 422
    assert sentence in text(response)
    assert not OrderRefund.objects.exists()


def test_goods_that_have_not_left_are_taken_out_of_their_parcel(order: Order) -> None:
    browser = owner()
    fields = hidden(_send(browser, order, "preview", warehouse="LEJ", **_line(order, 2)))
    browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"})

    line, item = order.lines.get(), StockItem.objects.get()
    assert (line.qty_canceled, line.qty_refunded, line.qty_open) == (2, 2, 1)
    assert (item.on_hand, item.allocated) == (20, 1)
    assert parcel(order).lines.get().quantity == 1
    assert AuditEntry.objects.filter(action="orders.take_back_units").exists()


def test_goods_that_were_sent_are_booked_back_in(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel(order).pk, carrier="DHL")
    browser = owner()
    fields = hidden(_send(browser, order, "preview", warehouse="LEJ", **_line(order, 2)))
    browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"})

    line, item = order.lines.get(), StockItem.objects.get()
    assert (line.qty_returned, line.qty_canceled) == (2, 0)
    assert item.on_hand == 19
    order.refresh_from_db()
    assert order.aftersales_state == "partly_returned"


def test_goods_stay_where_they_are_unless_said_otherwise(order: Order) -> None:
    browser = owner()
    fields = hidden(_send(browser, order, "preview", **_line(order, 1)))
    browser.post(f"/admin/orders/{order.number}/refund/", fields | {"step": "confirm"})

    assert order.lines.get().qty_canceled == 0
    assert StockItem.objects.get().allocated == 3


def test_lines_of_another_order_cannot_be_refunded() -> None:
    order = an_order(1)
    response = _send(operator("orders.refund_order"), order, "preview", line_999999=1)

    assert response.status_code == 422
    assert not OrderRefund.objects.exists()
