"""Orders in every state, made the way the shop makes them."""

from catalog.models import Variant
from markets.types import MarketContext
from orders.models import Fulfillment, Order
from payments.actions import refresh_payment
from payments.models import Payment
from tests.factories.cart import cart_with
from tests.factories.checkout import place
from tests.factories.payments import choose_at_sandbox, started


def placed_order(market: MarketContext, *items: tuple[Variant, int], user_id: int | None = None) -> Order:
    """An order that waits for its payment."""
    cart = cart_with(market, *items, user_id=user_id)
    return Order.objects.get(number=place(cart, market, user_id=user_id).number)


def payment_for(order: Order) -> Payment:
    """A payment of the whole order that waits for the shopper at the sandbox."""
    return started(order.total, order=order.number)


def pay(order: Order) -> Payment:
    """Pay the order in full."""
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    refresh_payment(payment_ref=payment.ref)
    order.refresh_from_db()
    payment.refresh_from_db()
    return payment


def paid_order(market: MarketContext, *items: tuple[Variant, int]) -> Order:
    """An order that is paid and confirmed."""
    order = placed_order(market, *items)
    pay(order)
    return order


def parcel_of(order: Order) -> Fulfillment:
    """Its first parcel."""
    return order.fulfillments.earliest("position")
