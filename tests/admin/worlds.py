"""Orders as operators meet them."""

from django.db import transaction
from pytest_django import Settings

from core.outbox import drain
from markets.models import Market
from markets.queries import market_by_code
from markets.types import MarketContext
from orders.models import Fulfillment, Order
from payments.actions import refresh_payment, submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox

KEY = "7c8a5c5e-0000-4000-8000-000000000001"


def the_shop() -> MarketContext:
    """The German shop: that of the module's world, or a new one."""
    return market_by_code("de") if Market.objects.filter(code="de").exists() else open_shop("de")


def an_order(*quantities: int, price: str = "19.99", market: MarketContext | None = None) -> Order:
    """A paid order with one line per number."""
    shop = market or the_shop()
    return paid_order(shop, *((item_in(shop, price=price, stock=20), quantity) for quantity in quantities or (2,)))


def unpaid_order() -> Order:
    shop = the_shop()
    return placed_order(shop, (item_in(shop), 1))


def authorized_order(settings: Settings) -> Order:
    """An order whose money is held and not taken."""
    settings.PAYMENT_CAPTURE = "manual"
    order = unpaid_order()
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    refresh_payment(payment_ref=payment.ref)
    order.refresh_from_db()
    return order


def parcel(order: Order) -> Fulfillment:
    return order.fulfillments.exclude(state="canceled").latest("position")


def settle_refunds() -> None:
    """What workers do: hand refunds over, ask the provider, hear the answer."""
    assert not transaction.get_connection().needs_rollback
    drain(limit=1000)
    submit_due_refunds()
    drain(limit=1000)
