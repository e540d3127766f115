"""Who has a claim on stock: shoppers who are paying, and orders that were placed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.locks import LockingQuerySet
from core.transitions import Transitions


class Reservation(Transitions):
    """Stock held for a while for one owner: a checkout, a flash sale ticket, a seat in a group."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        CONVERTED = "converted", _("became an order")
        RELEASED = "released", _("released")

    transitions: ClassVar = {"state": {"held": {"converted", "released"}}}

    owner = models.UUIDField()
    line_ref = models.CharField(max_length=50)
    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField(_("quantity"))
    expires_at = models.DateTimeField(_("until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    created = models.DateTimeField(auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "stock_item", "line_ref"], condition=Q(state="held"), name="reservation_held_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_quantity_positive"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="reservation_due", condition=Q(state="held")),
            models.Index(fields=["owner"], name="reservation_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.quantity} × {self.stock_item_id}"


class Allocation(models.Model):
    """Stock promised to one order line from one warehouse. What is neither fulfilled nor released still waits there."""

    order_ref = models.CharField(_("order"), max_length=40)
    line_ref = models.CharField(_("order line"), max_length=50)
    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField(_("quantity"))
    fulfilled_quantity = models.PositiveIntegerField(_("sent"), default=0)
    created = models.DateTimeField(auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.UniqueConstraint(fields=["line_ref", "stock_item"], name="allocation_once_per_line"),
            models.CheckConstraint(
                condition=Q(fulfilled_quantity__lte=F("quantity")), name="allocation_not_sent_twice"
            ),
        ]
        indexes = [models.Index(fields=["order_ref"], name="allocation_by_order")]

    def __str__(self) -> str:
        return f"{self.line_ref}: {self.quantity} × {self.stock_item_id}"

    @property
    def open_quantity(self) -> int:
        """What still has to be sent."""
        return self.quantity - self.fulfilled_quantity
