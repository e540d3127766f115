"""Pieces that were ordered before they are there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from orders.models.line import OrderLine
from orders.models.order import Order


class PresaleClaim(TimeStamped):
    """So many pieces of a pre-sale for one line of an order. What has `ended` counts against no limit any more.

    `promised_on` is the day the customer was told last; `moved_on` when it was moved after the purchase, and with it
    begins the right to cancel the line free of charge.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="presale_claims")
    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="presale_claim")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    promised_on = models.DateField()
    moved_on = models.DateTimeField(null=True, blank=True)
    ended = models.BooleanField(default=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_presaleclaim_quantity_positive"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["variant", "order"], condition=Q(ended=False), name="orders_presaleclaim_living"),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"
