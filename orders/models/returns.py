"""Goods that come back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order


class ReturnState(models.TextChoices):
    """Where a return stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    LABEL_SENT = "label_sent"
    RECEIVED = "received"
    INSPECTED = "inspected"
    CLOSED = "closed"
    REJECTED = "rejected"


class Resolution(models.TextChoices):
    """What the customer gets for it."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    CREDIT = "credit"
    REPAIR = "repair"
    KEEP_AND_REFUND = "keep_and_refund"


class ReturnRequest(Transitions, TimeStamped):
    """One return of an order."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ReturnState.REQUESTED: {ReturnState.APPROVED, ReturnState.REJECTED},
            ReturnState.APPROVED: {ReturnState.LABEL_SENT, ReturnState.RECEIVED, ReturnState.REJECTED},
            ReturnState.LABEL_SENT: {ReturnState.RECEIVED, ReturnState.REJECTED},
            ReturnState.RECEIVED: {ReturnState.INSPECTED},
            ReturnState.INSPECTED: {ReturnState.CLOSED},
        }
    }

    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=12, choices=ReturnState.choices, default=ReturnState.REQUESTED)
    resolution = models.CharField(max_length=16, choices=Resolution.choices, default=Resolution.REFUND)
    reason = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    photos = models.JSONField(default=list, blank=True)

    objects = LockingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """How many units of a line come back and what state they were in."""

    return_request = models.ForeignKey(ReturnRequest, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField()
    received_qty = models.PositiveIntegerField(default=0)
    condition = models.CharField(max_length=20, blank=True)
    restock_warehouse_code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["return_request", "order_line"], name="orders_return_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(received_qty__lte=F("quantity")),
                name="orders_return_line_received_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} x {self.quantity}"
