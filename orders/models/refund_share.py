"""Where a refund's money goes: so much to each payment that brought it, or to the customer's store credit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.exchange import Exchange
from orders.models.refund import OrderRefund, RefundState


class OrderRefundShare(Transitions, TimeStamped):
    """One part of one refund. `key` is unique and is what payments are asked under: asking twice gives back once.

    Without a payment it goes to store credit, which the customer agreed to, or with `exchange` into the order of what
    is sent instead; `returned_minor` of that left the order again and goes to the payments after all. The shares sum
    to the refund.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            RefundState.REQUESTED: {RefundState.SENT, RefundState.SUCCEEDED, RefundState.FAILED},
            RefundState.SENT: {RefundState.SUCCEEDED, RefundState.FAILED},
            RefundState.FAILED: {RefundState.SUCCEEDED},
        }
    }

    refund = models.ForeignKey(OrderRefund, on_delete=models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120, unique=True)
    payment_ref = models.UUIDField(null=True, blank=True)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, null=True, blank=True, related_name="shares")
    returned_minor = models.PositiveBigIntegerField(default=0)
    amount = money_field()
    state = models.CharField(max_length=12, choices=RefundState.choices, default=RefundState.REQUESTED)
    failure = models.CharField(max_length=200, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ["refund", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="orders_refund_share_positive"),
            models.UniqueConstraint(fields=["refund", "position"], name="orders_refund_share_position"),
            models.UniqueConstraint(
                fields=["refund", "payment_ref"],
                name="orders_refund_share_once_per_payment",
                condition=Q(payment_ref__isnull=False) & ~Q(state="failed"),
            ),
            models.CheckConstraint(
                condition=Q(exchange__isnull=True) | Q(payment_ref__isnull=True), name="orders_refund_share_one_way"
            ),
            exponent_check("amount", "orders_refund_share_amount_digits"),
        ]

    def __str__(self) -> str:
        return self.key
