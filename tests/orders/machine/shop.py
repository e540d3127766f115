"""The shop an example happens in, made once: goods, and orders that were begun, paid, sent and delivered before."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from django.contrib.auth import get_user_model
from django.db.models import Q, Sum
from PIL import Image

from catalog.models import Variant
from core.models import OutboxMessage
from core.outbox import drain
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import deliver_fulfillment, ship_fulfillment
from orders.models import AftersalesPolicy, Fate, Order, OrderLine, Resolution, ReturnUnit
from orders.returning.files import Sent
from payments.actions import process_inbox, refresh_payment, submit_due_refunds
from payments.models import Payment
from payments.providers.sandbox import delivery
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import pay, placed_order
from tests.factories.sellers import another_seller, sold_by
from tests.orders.exchanges.world import two_sizes

STOCK = 40
OF_TIME = frozenset({"Q01", "Q02", "Q03", "Q04", "Q05", "P07", "P09", "S04"})
"""Checks that only say how long something waits."""
GOOD_ORDERS = 3


@dataclass(frozen=True, kw_only=True)
class Shop:
    """`items`: two sizes of one product and something else, which another seller sells. `orders`: numbers of orders
    as they were made."""

    market: MarketContext
    items: Sequence[Variant]
    orders: Sequence[str]
    photo: Sent


def open_for_examples() -> Shop:
    """Everything examples share, committed to the transaction they are rolled back to."""
    market = open_shop()
    other = sold_by(item_in(market, price="7.01", stock=STOCK), another_seller("north"))
    items = [*two_sizes(market, "3.33", "19.99", stock=STOCK), other]
    AftersalesPolicy.objects.create(
        market=market.code, resolutions=[Resolution.EXCHANGE, Resolution.CREDIT], exchange_sends="known"
    )
    member = get_user_model().objects.create_user(email="known@example.com", password="not a secret 1")
    for _ in range(GOOD_ORDERS):
        _made(market, items, how_far=3, user_id=member.pk)
    orders = [_made(market, items, how_far=how_far).number for how_far in (3, 1, 0, 3, 2, 1, 0, 3)]
    orders.append(_made(market, items, how_far=3, user_id=member.pk).number)
    settle_everything(Payment.objects.exclude(provider_ref=""))
    return Shop(market=market, items=items, orders=orders, photo=_photo())


def _made(market: MarketContext, items: Sequence[Variant], *, how_far: int, user_id: int | None = None) -> Order:
    """Placed; then paid, sent and delivered, as far as wanted."""
    order = placed_order(market, (items[0], 2), (items[2], 1), user_id=user_id)
    if how_far > 0:
        pay(order)
    for parcel in order.fulfillments.order_by("position"):
        if how_far > 1:
            ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
        if how_far > 2:
            deliver_fulfillment(fulfillment_id=parcel.pk)
    return order


def _photo() -> Sent:
    out = BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, "JPEG")
    return Sent(called="worn.jpg", content=out.getvalue())


def settle_everything(payments: Sequence[Payment]) -> None:
    """What workers would do in the end: every message delivered, every promise kept, every doubt asked about."""
    for _ in range(12):
        for payment in payments:
            refresh_payment(payment_ref=payment.ref)
        worked = delivery.deliver_due(limit=1000) + process_inbox(limit=1000)
        worked += do_what_waits() + submit_due_refunds(limit=1000)
        if not worked:
            return


def do_what_waits() -> int:
    """Consequences that money, goods or papers wait for.

    Mails, what the catalogue shows and the alarms of shelves are told to nobody: nothing here looks at them, and they
    are half of the work. `tests/orders/test_messages.py` and the tests of stock and catalogue read them.
    """
    told = Q(handler__contains=".tell_") | Q(handler__endswith=".watch_levels")
    OutboxMessage.objects.filter(told, state=OutboxMessage.State.WAITING).delete()
    return drain(limit=1000)


def should_be_on_the_shelf(variant: Variant) -> int:
    """What was there, less what was sent and did not come back to be sold again."""
    lines = OrderLine.objects.filter(variant=variant).aggregate(sent=Sum("qty_shipped"), back=Sum("qty_returned"))
    lost = ReturnUnit.objects.filter(return_line__order_line__variant=variant, fate=Fate.WRITE_OFF).count()
    return STOCK - (lines["sent"] or 0) + (lines["back"] or 0) - lost


def on_the_shelf(variant: Variant) -> int:
    return StockItem.objects.get(variant=variant).on_hand
