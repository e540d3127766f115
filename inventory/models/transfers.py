"""Goods on their way from one of our warehouses to another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions


class Transfer(Transitions, TimeStamped):
    """Pieces that one warehouse sends to another. On the way they belong to no shelf and cannot be sold."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a transfer", "draft")
        READY = "ready", pgettext_lazy("state of a transfer", "set aside")
        IN_TRANSIT = "in_transit", pgettext_lazy("state of a transfer", "on its way")
        PARTLY_RECEIVED = "partly_received", pgettext_lazy("state of a transfer", "partly received")
        RECEIVED = "received", pgettext_lazy("state of a transfer", "received")
        CANCELED = "canceled", pgettext_lazy("state of a transfer", "canceled")

    transitions: ClassVar = {
        "state": {
            "draft": {"ready", "canceled"},
            "ready": {"draft", "in_transit", "canceled"},
            "in_transit": {"partly_received", "received"},
            "partly_received": {"received"},
        }
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    from_warehouse = models.ForeignKey(
        "inventory.Warehouse", verbose_name=_("from"), on_delete=models.PROTECT, related_name="+"
    )
    to_warehouse = models.ForeignKey(
        "inventory.Warehouse", verbose_name=_("to"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=15, choices=State.choices, default=State.DRAFT)
    op_key = models.CharField(max_length=100, unique=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_no = models.CharField(_("tracking number"), max_length=60, blank=True)
    shipped_at = models.DateTimeField(_("left"), null=True, blank=True)
    due_at = models.DateTimeField(_("expected until"), null=True, blank=True)
    received_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-pk"]
        permissions = [
            ("plan_transfer", _("Can plan transfers between warehouses")),
            ("ship_transfer", _("Can send transfers and book what arrived")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(from_warehouse=F("to_warehouse")), name="transfer_between_two_places"),
            models.CheckConstraint(
                condition=Q(shipped_at__isnull=True, state__in=["draft", "ready", "canceled"])
                | Q(shipped_at__isnull=False, state__in=["in_transit", "partly_received", "received"]),
                name="transfer_left_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="transfer_by_state"),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    """One variant of a transfer. What was shipped arrives, is lost, or is still on its way."""

    class Loss(models.TextChoices):
        NONE = "", "–"
        LOST = "lost", pgettext_lazy("what became of pieces", "lost on the way")
        DAMAGED = "damage", pgettext_lazy("what became of pieces", "arrived broken")
        SHORT = "short", pgettext_lazy("what became of pieces", "never packed")

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("wanted"))
    shipped = models.PositiveIntegerField(_("sent"), default=0)
    received = models.PositiveIntegerField(_("arrived"), default=0)
    lost = models.PositiveIntegerField(_("missing"), default=0)
    surplus = models.PositiveIntegerField(_("more than sent"), default=0)
    loss = models.CharField(_("why missing"), max_length=8, choices=Loss.choices, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects: ClassVar[models.Manager["TransferLine"]] = models.Manager()

    class Meta:
        verbose_name = _("line of a transfer")
        verbose_name_plural = _("lines of transfers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "variant"], name="transfer_line_once_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="transfer_line_quantity_positive"),
            models.CheckConstraint(condition=Q(shipped__lte=F("quantity")), name="transfer_line_sends_what_was_wanted"),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("received") + F("lost")), name="transfer_line_receives_what_was_sent"
            ),
            models.CheckConstraint(condition=Q(lost=0) | ~Q(loss=""), name="transfer_line_loss_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.quantity} × {self.variant_id}"

    @property
    def ref(self) -> str:
        """How the ledger of stock names this line. The transfer has to be loaded."""
        return f"{self.transfer.number}/{self.pk}"

    @property
    def on_its_way(self) -> int:
        """Pieces that belong to no shelf now."""
        return self.shipped - self.received - self.lost
