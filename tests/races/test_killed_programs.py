"""The real web and worker programs die at named steps of placing, paying and refunding, and are started again.

What `test_killed_anywhere` shows for every commit inside one process is shown here for the programs as `make run`
starts them: gunicorn and Celery under the shop's own supervisor, shoppers and operators over HTTP, mail to a mail
server. The shopper and the operator press again what got no answer; nothing may be lost or doubled. `KILL_EVERY=1` dies
at every step; `make test` at every fifth.
"""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from catalog.models import Variant
from config import env
from core.integrity import registered, run
from core.models import IdempotencyKey, Message, OutboxMessage
from core.money import to_minor
from inventory.models import StockItem
from orders.models import Document, Lifecycle, Order, OrderRefund, PaymentState
from payments.models import LedgerTxn, Payment, PaymentEvent, Refund, SandboxCharge, SandboxMovement, SandboxWebhook
from tests.admin.people import HIDDEN, owner
from tests.core.smtp_sink import Sink
from tests.factories.cart import item_in, open_shop
from tests.journeys import shopping
from tests.journeys.shopping import Answer, Shopper
from tests.races.killed.browsing import OverHttp
from tests.races.killed.programs import Programs, running, until
from tests.races.killed.steps import STEPS, Step, stands

pytestmark = pytest.mark.django_db(transaction=True)

EVERY = int(env.text("KILL_EVERY", "5"))
AT_ONE_PURCHASE = 4
STOCK = 1_000
RETURN = re.compile(r"/\w+/\w+/checkout/return/[0-9a-f-]+/")


def a_while_later() -> None:
    """What the dead had taken for a while is free again."""
    now = timezone.now()
    Refund.objects.update(next_attempt_at=now)
    PaymentEvent.objects.filter(processed_at=None).update(next_attempt_at=now)
    SandboxWebhook.objects.filter(delivered_at=None).update(due_at=now)
    OutboxMessage.objects.exclude(state="done").update(next_attempt_at=now)
    Message.objects.filter(state="waiting").update(next_attempt_at=now)
    IdempotencyKey.objects.exclude(state="done").update(created=now - timedelta(minutes=3))


def buy(shop: Programs, item: Variant) -> Order:
    """As a guest: put it into the cart, fill in the form, order, pay at the provider, come back."""
    shopper = Shopper(client=OverHttp(shop.address))
    shopper.get("orders/find/")  # any page with a form brings the token
    assert shopper.add(item, 2).status == 303
    typed = shopper.form()
    shown = shopper.post("checkout/delivery/", **typed)
    typed.update(dict(shopping.HIDDEN.findall(shown.text)))
    placed = shopper.post("checkout/", **typed, action="place")
    assert placed.status == 303, placed.text[:2000]
    paid = shopper.choose(_to_provider(shopper, placed), "succeed")
    back = RETURN.search(paid.location) or RETURN.search(shopper.follow(paid.location).text)
    assert back, paid.location
    shopper.follow(back[0])
    order = Order.objects.latest("pk")

    def is_paid() -> bool:
        shop.ring()
        return Order.objects.filter(pk=order.pk, payment_state=PaymentState.PAID, documents__isnull=False).exists()

    until(is_paid, "the order is paid and has its invoice")
    return order


def _to_provider(shopper: Shopper, placed: Answer) -> str:
    """The page on which one pays: told at once, or, when that answer was lost, where the shop says how it stands."""
    if "/sandbox/pay/" in placed.location:
        return placed.location
    charge = SandboxCharge.objects.latest("pk")
    assert charge.state == "open", placed.location
    return f"/sandbox/pay/{charge.token}/"


def give_back(shop: Programs, order: Order) -> None:
    """As an operator: one of the two units, as it was shown; and wait until the money and the mails are gone."""
    cookie = owner().cookies["sessionid"].value
    desk = OverHttp(shop.address, {"sessionid": cookie})
    page = f"/admin/orders/{order.number}/"
    assert desk.get(page).status_code == 200
    line = order.lines.get()
    asked = {"key": uuid4().hex, "reason": "Chipped", "warehouse": "", f"line_{line.pk}": 1, "step": "preview"}
    preview = desk.post(f"{page}refund/", asked)
    assert preview.status_code == 200
    fields = dict(HIDDEN.findall(preview.content.decode()))
    fields.pop("csrfmiddlewaretoken", None)
    assert desk.post(f"{page}refund/", fields | {"step": "confirm"}).status_code == 302

    def is_done() -> bool:
        shop.ring()
        waiting = OutboxMessage.objects.filter(state="waiting").exists() or Message.objects.filter(state="waiting")
        return OrderRefund.objects.filter(order=order, state="succeeded").exists() and not waiting

    until(is_done, "the refund is done and everybody was told")


def check(order: Order, sink: Sink) -> None:
    """One of everything."""
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PARTLY_REFUNDED)
    payment = Payment.objects.get(order_ref=order.number)
    charge = SandboxCharge.objects.get(order_ref=order.number)
    refund = OrderRefund.objects.get(order=order)
    assert (charge.captured_minor, charge.refunded_minor) == (to_minor(order.total), to_minor(refund.amount))
    assert (payment.captured_minor, payment.refunded_minor) == (charge.captured_minor, charge.refunded_minor)
    moved = SandboxMovement.objects.filter(charge=charge).order_by("pk").values_list("kind", flat=True)
    assert list(moved) == ["capture", "refund"]
    assert Counter(Document.objects.filter(order=order).values_list("kind", flat=True)) == {
        "invoice": 1,
        "credit_note": 1,
    }
    told = Counter(Message.objects.filter(reference=order.number, channel="email").values_list("kind", flat=True))
    assert told, "nobody was told"
    assert set(told.values()) == {1}, told


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_programs_that_die_at_named_steps_lose_and_double_nothing() -> None:
    market = open_shop()
    item = item_in(market, price="19.99", stock=STOCK)
    chosen = STEPS[::EVERY]
    purchases = [chosen[first : first + AT_ONE_PURCHASE] for first in range(0, len(chosen), AT_ONE_PURCHASE)]
    with Sink() as sink, stands(), running(mail_port=sink.port) as shop:
        orders = [_live_through(shop, item, steps) for steps in purchases]
        until(lambda: shop.said_of_deaths() == len(chosen), "the supervisor has said who died")

    for order in orders:
        check(order, sink)
    assert Order.objects.count() == len(purchases)
    assert LedgerTxn.objects.filter(kind__in=["capture", "refund"]).count() == 2 * len(purchases)
    assert StockItem.objects.get().allocated == 2 * len(purchases)
    assert not Message.objects.exclude(state="sent").exists()
    # A mail that was taken by the server and not yet marked goes twice, under the same name, so that one is shown.
    twice = sum(step.model is Message for step in chosen)
    names = Counter(sink.identifiers())
    assert (len(names), sum(names.values())) == (Message.objects.filter(channel="email").count(), len(names) + twice)
    assert [(found.check.code, found.examples) for found in run(registered()) if found.count] == []


def _live_through(shop: Programs, item: Variant, steps: Sequence[Step]) -> Order:
    with ExitStack() as deaths:
        for step in steps:
            deaths.enter_context(shop.dies_at(step, then=a_while_later))
        order = buy(shop, item)
        give_back(shop, order)
    return order
