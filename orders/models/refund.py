"""Money given back for an order, down to net, tax and duty of each line."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order


class RefundState(models.TextChoices):
    """Where a refund stands."""

    REQUESTED = "requested"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class OrderRefund(Transitions, TimeStamped):
    """One refund; its shares say where it goes. `key` is unique: asking twice gives the same refund.

    `payment_ref` is the payment when there is one share only.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            RefundState.REQUESTED: {RefundState.SENT, RefundState.SUCCEEDED, RefundState.FAILED},
            RefundState.SENT: {RefundState.SUCCEEDED, RefundState.FAILED},
            RefundState.FAILED: {RefundState.REQUESTED},
        }
    }

    number = models.CharField(max_length=32, unique=True)
    key = models.CharField(max_length=120, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment_ref = models.UUIDField(null=True, blank=True)
    store_credit_ref = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=RefundState.choices, default=RefundState.REQUESTED)
    amount = money_field()
    reason = models.CharField(max_length=200)
    is_excess = models.BooleanField(default=False)
    failure = models.CharField(max_length=200, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="orders_refund_amount_positive"),
            exponent_check("amount", "orders_refund_amount_digits"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderRefundLine(models.Model):
    """What part of a refund is for what: units of a line, delivery, duty or a fee."""

    refund = models.ForeignKey(OrderRefund, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="refund_lines"
    )
    part = models.ForeignKey(
        "orders.OrderLinePart", on_delete=models.PROTECT, null=True, blank=True, related_name="refund_lines"
    )
    is_shipping = models.BooleanField(default=False)
    is_duty = models.BooleanField(default=False)
    fee = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    net = money_field(currency_field_name="currency")
    tax = money_field(currency_field_name="currency")
    duty = money_field(currency_field_name="currency")
    amount = money_field(currency_field_name="currency")
    net_kept_minor = models.PositiveBigIntegerField(default=0)
    tax_kept_minor = models.PositiveBigIntegerField(default=0)
    """What was kept for wear besides: these units bring no more, and `amount` is without it."""

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount=F("net") + F("tax") + F("duty")), name="orders_refund_line_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(order_line__isnull=True) | Q(is_shipping=False), name="orders_refund_line_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.amount}"
