"""What is handed over by download: who may fetch it, how often it was fetched, and the consent it took."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.line import OrderLine
from orders.models.order import Order


class EntitlementState(models.TextChoices):
    """Whether it can be fetched."""

    ACTIVE = "active", pgettext_lazy("download", "Open")
    REVOKED = "revoked", pgettext_lazy("download", "Ended")


class Entitlement(Transitions, TimeStamped):
    """The right to download the files of one line, or of one component of a set. One per `ref`, made after payment."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            EntitlementState.ACTIVE: {EntitlementState.REVOKED},
            EntitlementState.REVOKED: {EntitlementState.ACTIVE},
        }
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="entitlements")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="entitlements")
    ref = models.CharField(max_length=52, unique=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=300)
    quantity = models.PositiveIntegerField(_("quantity"))
    state = models.CharField(
        _("state"), max_length=8, choices=EntitlementState.choices, default=EntitlementState.ACTIVE
    )
    most_downloads = models.PositiveIntegerField(_("downloads of each file"), null=True, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    first_download_at = models.DateTimeField(_("first download"), null=True, blank=True)
    revoke_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("download of an order")
        verbose_name_plural = _("downloads of orders")
        permissions = [("manage_downloads", _("Can renew and end downloads"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=EntitlementState.values), name="orders_entitlement_state_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_entitlement_quantity_positive"),
        ]

    def __str__(self) -> str:
        return self.ref


class DownloadRecord(models.Model):
    """One counted download. The same link (`nonce`) resumed is the same download. Rows stay as they are (trigger).

    A renewal by an operator starts counting anew: what was counted before it is `before_renewal`.
    """

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="downloads")
    file = models.ForeignKey("catalog.VariantFile", on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    before_renewal = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entitlement", "file", "nonce"], name="orders_downloadrecord_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="as_counted", fields=["entitlement", "file", "nonce", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.entitlement_id}: {self.at:%Y-%m-%d %H:%M}"


class DigitalConsent(models.Model):
    """The customer asked for the download to begin at once and knows that the right of withdrawal ends with it.

    Directive 2011/83/EU Art. 16(m): express consent and acknowledgement, kept with the words that were shown.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="digital_consent")
    text = models.TextField()
    language = models.CharField(max_length=12)
    place = models.CharField(max_length=10, choices=[("checkout", "checkout"), ("order", "order")])
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [pgtrigger.ReadOnly(name="as_given", fields=["order", "text", "language", "place", "given_at"])]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.given_at:%Y-%m-%d %H:%M}"
