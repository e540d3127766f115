"""Every step of an order is told once, in the order's language, and nothing that is no longer so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from core.models import Message, OutboxMessage
from core.notifications.kinds import NECESSARY, PROGRESS
from core.notifications.wishes import say_wish, wishes_of
from core.outbox import drain
from orders.actions import (
    Tracked,
    grant_access,
    open_hold,
    record_tracking,
    refund_order,
    resolve_hold,
    ship_fulfillment,
)
from orders.models import HoldKind, Order, OrderRefund, Package, ParcelState, RefundState
from orders.step_notifications import tell_held, tell_parcel, tell_waiting_refunds
from orders.steps import STEPS, Facts
from orders.types import RefundWish
from payments.actions import refresh_payment
from payments.models import SandboxCharge
from payments.providers.sandbox.world import decide_due
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order, parcel_of, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox
from tests.journeys.shopping import Shopper
from tests.shared_world import kept

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@kept
def bought() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, names={"en": "Kesen kettle", "de": "Kesen-Kessel"}), 2))


def unpaid() -> Order:
    """An order that waits for its payment, where nothing else is left to be told."""
    OutboxMessage.objects.all().delete()
    market = open_shop()
    return placed_order(market, (item_in(market), 1))


def sent() -> tuple[Order, Package]:
    order = bought()
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")
    return order, Package.objects.get()


def report(package: Package, state: str, *, hours: int = 0) -> None:
    tracked = Tracked(state=state, carrier_code=f"X-{state}", occurred_at=NOON + timedelta(hours=hours))
    record_tracking(package_id=package.pk, tracked=tracked)


def told() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_a_parcel_is_followed_to_the_door() -> None:
    _order, package = sent()
    states = (ParcelState.IN_TRANSIT, ParcelState.CUSTOMS, ParcelState.OUT_FOR_DELIVERY, ParcelState.DELIVERED)
    for hours, state in enumerate(states):
        report(package, state, hours=hours)
        drain(limit=100)

    steps = ["parcel_customs", "parcel_out_for_delivery", "parcel_delivered"]
    assert told() == ["order_confirmed", "order_shipped", *steps]
    for message in Message.objects.filter(kind__in=steps):
        assert message.recipient == EMAIL
        assert "JJD1" in message.text
        assert message.html.count("<h1>") == 1


def test_a_report_that_comes_twice_is_told_once() -> None:
    _order, package = sent()
    for _again in range(3):
        report(package, ParcelState.CUSTOMS)
    drain(limit=100)
    assert told().count("parcel_customs") == 1


def test_a_state_that_is_left_behind_is_not_told_any_more() -> None:
    _order, package = sent()
    report(package, ParcelState.CUSTOMS)
    report(package, ParcelState.OUT_FOR_DELIVERY, hours=1)
    drain(limit=100)
    assert "parcel_customs" not in told()
    tell_parcel(number=_order.number, fulfillment_id=package.fulfillment_id, state=ParcelState.CUSTOMS)
    assert "parcel_customs" not in told()


def test_nobody_hears_of_parcels_who_does_not_want_to_but_a_delay_is_said() -> None:
    _order, package = sent()
    say_wish(email=EMAIL, topic=PROGRESS, channel="email", is_wanted=False)
    report(package, ParcelState.EXCEPTION)
    drain(limit=100)
    report(package, ParcelState.OUT_FOR_DELIVERY, hours=1)
    drain(limit=100)
    assert told()[2:] == ["parcel_delayed"]


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (HoldKind.ADDRESS, "held_for_address"),
        (HoldKind.CUSTOMS, "held_for_customs"),
        (HoldKind.FRAUD, "held_for_check"),
        (HoldKind.PAYMENT_MISMATCH, ""),
        (HoldKind.MANUAL, ""),
    ],
)
def test_a_customer_hears_of_holds_they_can_help_with_and_never_of_the_suspicion(kind: str, step: str) -> None:
    order = bought()
    open_hold(number=order.number, reason="Velocity rule 7 of the card", kind=kind)
    drain(limit=100)

    assert told()[1:] == ([step] if step else [])
    assert not Message.objects.filter(text__contains="Velocity").exists()


def test_a_hold_that_is_resolved_meanwhile_is_not_told() -> None:
    order = bought()
    drain(limit=100)
    hold = open_hold(number=order.number, reason="Strange", kind=HoldKind.ADDRESS)
    resolve_hold(hold_id=hold.pk, resolution="Called them")
    tell_held(number=order.number, hold_id=hold.pk)
    assert "held_for_address" not in told()


def test_money_that_is_awaited_and_never_comes_is_told_both_times(settings: Any) -> None:
    settings.SANDBOX_DELAY_SECONDS = 3600
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "pending_fail")
    refresh_payment(payment_ref=payment.ref)
    drain(limit=100)
    assert told() == ["payment_awaited"]

    SandboxCharge.objects.update(due_at="2020-01-01T00:00Z")
    decide_due()
    refresh_payment(payment_ref=payment.ref)
    drain(limit=100)
    assert told() == ["payment_awaited", "payment_failed"]
    assert "/checkout/retry/" in Message.objects.get(kind="payment_failed").text


def test_a_payment_that_fails_before_the_shoppers_eyes_sends_nothing() -> None:
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "decline")
    refresh_payment(payment_ref=payment.ref)
    drain(limit=100)
    assert told() == []


def test_a_refund_that_takes_long_is_told_before_it_is_made_and_a_quick_one_is_not() -> None:
    order = bought()
    wish = RefundWish(line_id=order.lines.get().pk, quantity=1)
    refund_order(number=order.number, lines=[wish], shipping=False, reason="Broken", key="t")
    assert tell_waiting_refunds() == 0

    OrderRefund.objects.update(created=timezone.now() - timedelta(hours=2))
    assert (tell_waiting_refunds(), tell_waiting_refunds()) == (1, 0)
    OrderRefund.objects.update(state=RefundState.SUCCEEDED)
    Message.objects.filter(kind="refund_promised").delete()
    assert tell_waiting_refunds() == 0


def test_the_language_is_that_of_the_order_by_every_channel(settings: Any) -> None:
    settings.MESSAGE_CHANNELS = {
        "email": "core.notifications.email.EmailChannel",
        "sms": "core.notifications.sms.SandboxSms",
    }
    order, package = sent()
    Order.objects.update(language="de", phone="030 23125123")
    for topic in (NECESSARY, PROGRESS):
        say_wish(email=EMAIL, topic=topic, channel="sms", is_wanted=True)
    report(package, ParcelState.OUT_FOR_DELIVERY)
    with translation.override("ja"):
        drain(limit=100)

    found = Message.objects.filter(kind="parcel_out_for_delivery")
    assert set(found.values_list("channel", "language")) == {("email", "de"), ("sms", "de")}
    text = found.get(channel="sms")
    assert text.recipient == "+493023125123"
    assert f"/de/de/orders/{order.number}/" in text.text


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_step_says_nothing_it_does_not_know(step: str) -> None:
    """With no fact but the number there is no empty row, no dangling sentence and no button that leads nowhere."""
    words = STEPS[step](Facts(number="M-1"))
    assert words.headline
    assert "M-1" in words.short
    assert all(words.sentences)
    assert bool(words.link_label) == bool(words.link_url) or step == "invoice_available"
    assert "None" not in repr(words.sentences)


def test_duty_is_never_promised_away_when_nobody_knows() -> None:
    unknown = STEPS["parcel_customs"](Facts(number="M-1")).sentences[1]
    paid = STEPS["parcel_customs"](Facts(number="M-1", duty_is_paid=True)).sentences[1]
    due = STEPS["parcel_customs"](Facts(number="M-1", duty="12 €")).sentences[1]
    assert len({unknown, paid, due}) == 3
    assert "12 €" in due


def test_a_guest_has_the_links_to_their_orders_mailed_and_nobody_learns_more() -> None:
    order = bought()
    drain(limit=100)
    Message.objects.all().delete()
    known = Shopper().post("orders/links/", email=EMAIL.upper())
    unknown = Shopper().post("orders/links/", email="nobody@example.com")
    drain(limit=100)

    assert (known.status, unknown.status) == (200, 200)
    assert "nobody@example.com" not in unknown.text
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.reference) == ("order_link", EMAIL, order.number)
    link = next(word for word in message.text.split() if f"/orders/{order.number}/" in word)
    assert Shopper().follow("/" + link.split("/", 3)[3]).status == 200


def test_one_address_is_mailed_seldom_however_often_somebody_asks() -> None:
    bought()
    drain(limit=100)
    Message.objects.all().delete()
    for _again in range(6):
        assert Shopper().post("orders/links/", email=EMAIL).status == 200
    drain(limit=100)
    assert Message.objects.count() == 3


def test_an_address_that_is_none_is_said() -> None:
    open_shop()
    assert Shopper().post("orders/links/", email="nobody").status == 422


def test_a_guest_chooses_by_the_link_alone_and_another_link_chooses_nothing() -> None:
    order = bought()
    secret = grant_access(number=order.number)
    assert Shopper().post(f"orders/{order.number}/{secret}/messages/").status == 303
    assert Shopper().post(f"orders/{order.number}/wrong/messages/").status == 404
    assert wishes_of(order.email)[(PROGRESS, "email")] is False
