"""Counters of stock, and the ledger that explains every change of them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from inventory.reasons import Reason


class StockItem(TimeStamped):
    """How much of one variant one warehouse has, has promised to orders, and holds for shoppers who are paying."""

    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="stock")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    on_hand = models.IntegerField(_("on hand"), default=0)
    allocated = models.IntegerField(_("promised to orders"), default=0)
    reserved = models.IntegerField(_("held in checkouts"), default=0)
    blocked = models.PositiveIntegerField(_("past their date"), default=0, db_default=0, editable=False)
    """Pieces of batches that are no longer sold; kept by `inventory.stockwork.batches`."""
    safety_stock = models.PositiveIntegerField(_("safety stock"), default=0)
    backorder_limit = models.PositiveIntegerField(_("may be sold short by"), default=0)
    backorder_ends = models.BooleanField(default=False, editable=False)
    """A pre-sale ended: what is still short is covered as pieces come in, and nothing more is sold short."""
    reorder_point = models.PositiveIntegerField(_("reorder point"), null=True, blank=True)
    target_quantity = models.PositiveIntegerField(_("target quantity"), null=True, blank=True)
    shelf = models.CharField(_("shelf"), max_length=30, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        ordering = ["variant", "warehouse"]
        permissions = [
            ("correct_stock", _("Can correct stock to what was counted")),
            ("receive_stock", _("Can book stock that arrived")),
            ("adjust_stock", _("Can write off stock and book what was found")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "variant"], name="stock_once_per_warehouse"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(condition=Q(allocated__gte=0), name="stock_allocated_not_negative"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("allocated") + F("reserved") - F("backorder_limit")),
                name="stock_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} @ {self.warehouse}"

    @property
    def available(self) -> int:
        """What may still be sold from here; below zero only within the backorder limit."""
        taken = self.allocated + self.reserved + self.safety_stock + self.blocked
        return self.on_hand - taken + self.backorder_limit


class StockMovement(models.Model):
    """One change of one counter row and its cause. Never altered; corrected by a counter-entry.

    Orders live above this app, so causes among them are named by reference (`docs/decisions/0003`).
    """

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("received")
        ALLOCATE = "allocate", _("promised to an order")
        RELEASE = "release", _("promise released")
        SHIP = "ship", _("shipped")
        ADJUST = "adjust", _("corrected")
        TRANSFER_OUT = "transfer_out", _("sent to another warehouse")
        TRANSFER_IN = "transfer_in", _("came from another warehouse")
        RETURN = "return", _("returned")
        WRITE_OFF = "writeoff", _("written off")
        RESERVE = "reserve", _("held for a checkout")
        UNRESERVE = "unreserve", _("hold released")

    stock_item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    quantity = models.PositiveIntegerField(_("quantity"))
    d_on_hand = models.IntegerField(default=0)
    d_allocated = models.IntegerField(default=0)
    d_reserved = models.IntegerField(default=0)
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    line_ref = models.CharField(_("order line"), max_length=50, blank=True)
    cause = models.CharField(
        _("cause"), max_length=60, blank=True, help_text=_("Parcel, return, delivery or checkout.")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reason_code = models.CharField(
        _("kind of reason"), max_length=12, choices=Reason.choices, blank=True, default="", db_default=""
    )
    actor = models.CharField(_("done by"), max_length=200)
    op_key = models.CharField(max_length=100)
    created = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["op_key", "stock_item", "kind"], name="movement_booked_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(kind__in=["adjust", "writeoff"]) | ~Q(reason=""), name="movement_correction_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["stock_item", "-id"], name="movement_by_stock"),
            models.Index(fields=["order_ref"], name="movement_by_order", condition=~Q(order_ref="")),
            models.Index(fields=["created"], name="movement_corrections", condition=Q(kind__in=["adjust", "writeoff"])),
            models.Index(fields=["created"], name="movement_promised", condition=Q(kind="allocate")),
        ]
        triggers = [
            pgtrigger.Protect(name="movement_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} × {self.stock_item_id}"
