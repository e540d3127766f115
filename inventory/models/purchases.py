"""Orders to suppliers: what was asked for, what came, and what was wrong with it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.money import Money, from_minor, to_minor
from core.transitions import Transitions


class PurchaseOrder(TimeStamped, Transitions):
    """An order to one supplier for one warehouse. What is on order never counts as available."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        CONFIRMED = "confirmed", _("confirmed")
        PARTLY_RECEIVED = "partly_received", _("partly received")
        RECEIVED = "received", _("received")
        CANCELED = "canceled", _("canceled")

    transitions: ClassVar = {
        "state": {
            "draft": {"sent", "canceled"},
            "sent": {"confirmed", "partly_received", "received", "canceled"},
            "confirmed": {"partly_received", "received", "canceled"},
            "partly_received": {"received"},
        }
    }
    COMING: ClassVar = ("sent", "confirmed", "partly_received")
    """States in which something may still arrive."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    supplier = models.ForeignKey("inventory.Supplier", on_delete=models.PROTECT, related_name="orders")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    currency = models.CharField(_("currency"), max_length=3)
    incoterm = models.CharField(_("delivery terms"), max_length=3)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    supplier_ref = models.CharField(_("their order number"), max_length=80, blank=True)
    note = models.TextField(_("note to the supplier"), max_length=1000, blank=True)
    canceled_because = models.CharField(_("why it was canceled"), max_length=300, blank=True)
    mails = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-pk"]
        permissions = [
            ("send_purchaseorder", _("Can send orders to suppliers and cancel them")),
            ("receive_purchaseorder", _("Can book what suppliers delivered")),
            ("accept_over_delivery", _("Can take more from a supplier than was ordered")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "canceled"]) | Q(sent_at__isnull=False), name="purchase_sent_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="canceled") | ~Q(canceled_because=""), name="purchase_canceled_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expected_on"],
                name="purchase_coming",
                condition=Q(state__in=["sent", "confirmed", "partly_received"]),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_coming(self) -> bool:
        """Whether something may still arrive."""
        return self.state in self.COMING

    @property
    def total(self) -> Money:
        """What was ordered costs, before the supplier's taxes."""
        return from_minor(sum(line.total_minor for line in self.lines.all()), self.currency)

    def is_late(self, today: date | None = None) -> bool:
        """Whether the day on which it was expected is over."""
        return self.is_coming and self.expected_on is not None and self.expected_on < (today or timezone.localdate())


class PurchaseLine(models.Model):
    """So many of a variant. `received` pieces went on the shelf, `rejected` ones came and were not kept.

    `given_up` pieces will not come any more. More may be received than was ordered: somebody with the permission
    said so.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    supplier_sku = models.CharField(_("their article number"), max_length=80, blank=True)
    quantity = models.PositiveIntegerField(_("ordered"))
    cost = money_field(verbose_name=_("price per piece"))
    received = models.PositiveIntegerField(_("received"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    given_up = models.PositiveIntegerField(_("will not come"), default=0)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="purchase_line_once_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="purchase_line_quantity_positive"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="purchase_line_cost_not_negative"),
            models.CheckConstraint(condition=Q(given_up__lte=F("quantity")), name="purchase_line_given_up_was_ordered"),
            exponent_check("cost", "purchase_line_cost_minor_units"),
        ]
        indexes = [models.Index(fields=["variant"], name="purchase_line_by_variant")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.quantity} × {self.variant_id}"

    @property
    def to_come(self) -> int:
        """What is still expected. Rejected pieces are expected again until somebody gives them up."""
        return max(self.quantity - self.received - self.given_up, 0)

    @property
    def over(self) -> int:
        """What was kept beyond the order."""
        return max(self.received - self.quantity, 0)

    @property
    def total_minor(self) -> int:
        """The line in minor units of its currency."""
        return self.quantity * to_minor(self.cost)


class PurchaseReceipt(models.Model):
    """One delivery against a purchase order, booked once by `op_key`."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    position = models.PositiveSmallIntegerField(_("delivery"))
    op_key = models.CharField(max_length=100, unique=True)
    delivery_note = models.CharField(_("delivery note"), max_length=100, blank=True)
    actor = models.CharField(_("booked by"), max_length=200)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    has_difference = models.BooleanField(_("differs"), default=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_note = models.CharField(_("what was agreed"), max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a supplier")
        verbose_name_plural = _("deliveries of suppliers")
        ordering = ["pk"]
        permissions = [("settle_difference", _("Can settle differences with suppliers"))]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="purchase_receipt_position_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(settled_note=""), name="purchase_receipt_settled_says_how"
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="purchase_receipt_unsettled",
                condition=Q(has_difference=True, settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class PurchaseReceiptLine(models.Model):
    """What of one line came with one delivery."""

    class Fault(models.TextChoices):
        DAMAGED = "damaged", _("damaged")
        WRONG = "wrong", _("another article")
        QUALITY = "quality", _("quality")
        EXPIRED = "expired", _("too old")
        UNWANTED = "unwanted", _("more than ordered")

    receipt = models.ForeignKey(PurchaseReceipt, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(PurchaseLine, on_delete=models.PROTECT, related_name="receipts")
    accepted = models.PositiveIntegerField(_("kept"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    over = models.PositiveIntegerField(_("more than ordered"), default=0)
    fault = models.CharField(_("what is wrong"), max_length=10, choices=Fault.choices, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    objects: ClassVar[models.Manager["PurchaseReceiptLine"]] = models.Manager()

    class Meta:
        verbose_name = _("line of a delivery")
        verbose_name_plural = _("lines of deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line"], name="purchase_receipt_line_once"),
            models.CheckConstraint(
                condition=Q(accepted__gt=0) | Q(rejected__gt=0), name="purchase_receipt_line_not_empty"
            ),
            models.CheckConstraint(condition=Q(over__lte=F("accepted")), name="purchase_receipt_over_was_kept"),
            models.CheckConstraint(condition=Q(rejected=0) | ~Q(fault=""), name="purchase_receipt_rejected_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.accepted} + {self.rejected}"
