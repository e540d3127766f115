"""Pieces with a date: which batch lies on which shelf, and which of them may no longer be sold."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class BatchedVariant(TimeStamped):
    """A variant whose pieces are kept in batches, in every warehouse, from then on."""

    variant = models.OneToOneField("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    days_left = models.PositiveSmallIntegerField(
        _("days left when sold"), default=0, help_text=_("What expires sooner is no longer sold.")
    )

    objects: ClassVar[models.Manager["BatchedVariant"]] = models.Manager()

    class Meta:
        verbose_name = _("variant with batches")
        verbose_name_plural = _("variants with batches")
        permissions = [("keep_batches", _("Can decide which variants have batches and name them"))]

    def __str__(self) -> str:
        return str(self.variant)


class Batch(TimeStamped):
    """So many pieces of one batch on one shelf. Without a code: pieces whose batch nobody knows."""

    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="batches")
    code = models.CharField(_("batch"), max_length=60, blank=True)
    expires_on = models.DateField(_("best before"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("pieces"), default=0)
    is_blocked = models.BooleanField(_("no longer sold"), default=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["expires_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stock_item", "code"], name="batch_once_per_shelf"),
            models.CheckConstraint(condition=~Q(code="") | Q(expires_on__isnull=True), name="batch_date_has_a_code"),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="batch_expiring", condition=Q(is_blocked=False, quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code or '–'}: {self.quantity}"


class BatchMovement(models.Model):
    """One change of one batch: part of a movement of stock, or pieces that got the name of their batch."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="movements")
    movement = models.ForeignKey(
        "inventory.StockMovement", null=True, blank=True, on_delete=models.PROTECT, related_name="batch_parts"
    )
    quantity = models.IntegerField(_("change"))
    created = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["BatchMovement"]] = models.Manager()

    class Meta:
        verbose_name = _("movement of a batch")
        verbose_name_plural = _("movements of batches")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="batch_movement_moves")]
        triggers = [
            pgtrigger.Protect(name="batch_movement_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.quantity:+d}"
