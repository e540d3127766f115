"""Reads of orders: who may see one, and what its page shows."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone

from catalog.models import ProductType
from core.money import Money, from_minor, to_minor
from core.signing import secret_hash
from orders.actions.gift_cards import card_lines
from orders.actions.placing import email_hash
from orders.actions.refund_rows import excess_refunds
from orders.actions.trail import money_facts
from orders.errors import OrderUnknown
from orders.models import (
    Fulfillment,
    FulfillmentLine,
    FulfillmentState,
    Lifecycle,
    Order,
    OrderAccess,
    OrderEvent,
    OrderLine,
    Package,
    PaymentState,
    Visibility,
)
from orders.page import OrderRows, build_page, build_status
from orders.types import OrderPage, OrderStatus
from payments.queries import payment_state, transfer_url


def order_by_link(*, number: str, secret: str) -> Order:
    """The order a mailed link opens. Raises `OrderUnknown` for a wrong, foreign, ended or revoked one."""
    access = (
        OrderAccess.objects.select_related("order")
        .filter(
            token_hash=secret_hash(secret),
            order__number=number,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )
    if access is None:
        raise OrderUnknown
    return access.order


def order_by_email(*, number: str, email: str) -> Order:
    """The order of a number and the email it was placed with. Raises `OrderUnknown`, one answer for every miss."""
    found = Order.objects.filter(number=number.strip().upper(), email_hash=email_hash(email)).first()
    if found is None:
        raise OrderUnknown
    return found


def order_for(*, user_id: int, is_operator: bool, number: str) -> Order:
    """The order for a signed-in person: their own, or any for an operator. Raises `OrderUnknown`."""
    orders = Order.objects.filter(number=number)
    if not is_operator:
        orders = orders.filter(user_id=user_id)
    order = orders.first()
    if order is None:
        raise OrderUnknown
    return order


def order_page(order: Order, *, secret: str) -> OrderPage:
    """The page of an order, in a fixed number of queries. `secret` is what its own links carry."""
    money = payment_state(order.number)
    status = build_status(order, secret=secret, undecided=money.undecided, transfer_url=transfer_url(money))
    rows = OrderRows(
        order=order,
        parcels=_parcels(order),
        lines=list(order.lines.select_related("presale_claim").prefetch_related("parts")),
        tax_lines=list(order.tax_lines.all()),
        events=list(_customer_events(order)),
        payment=money.latest,
        documents=list(order.documents.only("title", "number", "order_id").order_by("pk")),
        credit=money.by_credit,
        returns=list(order.returns.order_by("pk")),
    )
    return build_page(rows, status=status)


def order_status(order: Order, *, secret: str) -> OrderStatus:
    """What polling asks for."""
    money = payment_state(order.number)
    return build_status(order, secret=secret, undecided=money.undecided, transfer_url=transfer_url(money))


def orders_to_ship() -> QuerySet[Order]:
    """Confirmed and paid orders with something still to send and no open hold, oldest first."""
    return (
        Order.objects.filter(
            lifecycle=Lifecycle.CONFIRMED,
            payment_state__in=[PaymentState.PAID, PaymentState.PARTLY_REFUNDED],
            fulfillment_state__in=[
                FulfillmentState.ALLOCATED,
                FulfillmentState.PREPARING,
                FulfillmentState.PARTLY_SHIPPED,
            ],
        )
        .exclude(holds__resolved_at__isnull=True, holds__isnull=False)
        .order_by("placed_at")
    )


def orders_of(user_id: int) -> QuerySet[Order]:
    """A member's orders, newest first."""
    return Order.objects.filter(user_id=user_id).order_by("-placed_at")


def amount_due(order: Order) -> Money:
    """What is still to be paid of an order: its total less what came, as far as that was not promised back."""
    facts = money_facts(order)
    due = facts.total - (facts.received - facts.disputed - excess_refunds(order))
    return from_minor(max(0, due), order.currency)


def has_paid_before(order: Order) -> bool:
    """Whether this member, or this email, has paid for another order that was not given up."""
    return _theirs(order).filter(paid_at__isnull=False).exclude(pk=order.pk).exists()


def cards_ordered(order: Order, *, within: timedelta) -> int:
    """How many gift cards this member, or this email, ordered in that time; nothing for an order without any."""
    if not card_lines(order):
        return 0
    recent = _theirs(order).filter(placed_at__gt=Now() - within)
    kind = {"variant__product__product_type__kind": ProductType.Kind.GIFT_CARD}
    lines = OrderLine.objects.filter(order__in=recent, requires_shipping=False, **kind)
    return lines.aggregate(units=Sum(F("quantity") - F("qty_canceled")))["units"] or 0


def _theirs(order: Order) -> QuerySet[Order]:
    theirs = Q(email_hash=order.email_hash)
    if order.user_id is not None:
        theirs |= Q(user_id=order.user_id)
    return Order.objects.filter(theirs).exclude(lifecycle=Lifecycle.CANCELED)


def is_paid(order: Order) -> bool:
    """Whether enough was received, whatever went back later."""
    return order.paid_at is not None or to_minor(order.total) == 0


def _parcels(order: Order) -> Sequence[Fulfillment]:
    lines = FulfillmentLine.objects.select_related("order_line").order_by("order_line__position")
    packages = Package.objects.prefetch_related("events").order_by("pk")
    return list(
        order.fulfillments.exclude(state="canceled").prefetch_related(
            Prefetch("lines", lines), Prefetch("packages", packages)
        )
    )


def _customer_events(order: Order) -> QuerySet[OrderEvent]:
    return order.events.filter(visibility=Visibility.CUSTOMER)
