"""Parcels in trouble: each is one piece of work with a next step, an owner and a day."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from orders.models.documents import private_files
from orders.models.fulfillment import Fulfillment, Package
from orders.models.order import Order


class ExceptionKind(models.TextChoices):
    """What is wrong with a parcel."""

    CUSTOMS_ASKS = "customs_info_missing", pgettext_lazy("trouble with a parcel", "Customs asks for something")
    CUSTOMS_SLOW = "customs_slow", pgettext_lazy("trouble with a parcel", "In customs for long")
    ADDRESS = "address_problem", pgettext_lazy("trouble with a parcel", "Address")
    FAILED = "failed_delivery", pgettext_lazy("trouble with a parcel", "Delivery failed")
    UNCOLLECTED = "uncollected", pgettext_lazy("trouble with a parcel", "Not collected")
    RETURNING = "returning", pgettext_lazy("trouble with a parcel", "Comes back")
    DAMAGED = "damaged", pgettext_lazy("trouble with a parcel", "Damaged")
    LOST = "lost", pgettext_lazy("trouble with a parcel", "Lost")
    SILENCE = "silence", pgettext_lazy("trouble with a parcel", "Silent")
    LATE = "late", pgettext_lazy("trouble with a parcel", "Late")
    WAREHOUSE = "warehouse", pgettext_lazy("trouble with a parcel", "The warehouse cannot send it")


class ClaimState(models.TextChoices):
    """Where the claim against the carrier stands."""

    NONE = "none", pgettext_lazy("claim against a carrier", "None")
    FILED = "filed", pgettext_lazy("claim against a carrier", "Filed")
    PAID = "paid", pgettext_lazy("claim against a carrier", "Paid")
    DECLINED = "declined", pgettext_lazy("claim against a carrier", "Declined")


class ParcelException(TimeStamped):
    """One trouble of one parcel, open once at a time. What ends it by itself says so."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="parcel_exceptions"
    )
    fulfillment = models.ForeignKey(
        Fulfillment, verbose_name=_("parcel"), on_delete=models.PROTECT, related_name="exceptions"
    )
    package = models.ForeignKey(
        Package, verbose_name=_("package"), on_delete=models.PROTECT, null=True, blank=True, related_name="exceptions"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=ExceptionKind.choices)
    said = models.CharField(_("what the carrier says"), max_length=300, blank=True)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who takes care"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    waits_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    """Until when somebody else has the next word; it is no work before."""
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(_("what was done"), max_length=500, blank=True)
    claim = models.CharField(_("claim"), max_length=10, choices=ClaimState.choices, default=ClaimState.NONE)
    claim_ref = models.CharField(_("number of the claim"), max_length=80, blank=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel in trouble")
        verbose_name_plural = _("parcels in trouble")
        ordering = ("due_at", "pk")
        permissions = [("handle_parcelexception", _("Can take care of parcels in trouble"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fulfillment", "kind"],
                condition=Q(resolved_at__isnull=True),
                name="orders_exception_open_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=ExceptionKind.values), name="orders_exception_kind_known"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | ~Q(resolution=""), name="orders_exception_resolution_said"
            ),
            models.CheckConstraint(
                condition=Q(claim=ClaimState.NONE) | Q(claimed_at__isnull=False),
                name="orders_exception_claim_has_a_day",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(resolved_at__isnull=True), name="orders_exception_due"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.fulfillment_id}: {self.kind}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.resolved_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the next step should have been made by now."""
        return self.is_open and self.due_at < now


class ParcelProof(models.Model):
    """A file about a parcel in trouble: what customs asked for, a photo of the damage. In private storage only."""

    exception = models.ForeignKey(ParcelException, on_delete=models.PROTECT, related_name="proofs")
    stored = models.FileField(max_length=200, storage=private_files)
    called = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file about a parcel in trouble")
        verbose_name_plural = _("files about parcels in trouble")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.called
