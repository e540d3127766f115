"""What happened to an order, what stops it, and what it is related to."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from orders.models.order import Order


class HoldKind(models.TextChoices):
    """Why an order waits for a person."""

    FRAUD = "fraud", pgettext_lazy("reason to hold an order", "Fraud check")
    ADDRESS = "address", pgettext_lazy("reason to hold an order", "Address")
    CUSTOMS = "customs", pgettext_lazy("reason to hold an order", "Customs")
    COMPLIANCE = "compliance", pgettext_lazy("reason to hold an order", "Rule of the market")
    STOCK = "stock", pgettext_lazy("reason to hold an order", "Stock")
    PAYMENT_MISMATCH = "payment_mismatch", pgettext_lazy("reason to hold an order", "Payment does not match")
    MANUAL = "manual", pgettext_lazy("reason to hold an order", "By hand")


class OrderHold(TimeStamped):
    """An exception somebody must look at. While one is open, nothing of the order is shipped."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=20, choices=HoldKind.choices)
    key = models.CharField(max_length=120, unique=True)
    reason = models.TextField()
    facts = models.JSONField(default=dict, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who takes care of it; nobody yet with none."""
    due_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=HoldKind.values), name="orders_hold_kind_known"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | ~Q(resolution=""), name="orders_hold_resolution_said"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "created"], condition=Q(resolved_at__isnull=True), name="orders_hold_open"),
            models.Index(fields=["due_at"], condition=Q(resolved_at__isnull=True), name="orders_hold_due"),
            models.Index(fields=["owner"], condition=Q(resolved_at__isnull=True), name="orders_hold_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been decided by now."""
        return self.is_open and self.due_at is not None and self.due_at < now


class Visibility(models.TextChoices):
    """Who may read an entry of the trail."""

    INTERNAL = "internal", pgettext_lazy("visible to", "Staff only")
    CUSTOMER = "customer", pgettext_lazy("visible to", "Customer")


class OrderEvent(models.Model):
    """One entry of the order's history. Written once, never changed, never deleted (trigger)."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["order", "-id"], name="orders_event_of_order"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"


class LinkKind(models.TextChoices):
    """How one order came from another."""

    SPLIT_FROM = "split_from"
    MERGED_INTO = "merged_into"
    EXCHANGE_OF = "exchange_of"
    RESHIP_OF = "reship_of"


class OrderLink(models.Model):
    """`source` came from, or went into, `target`."""

    source = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=16, choices=LinkKind.choices)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="orders_link_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="orders_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class OrderAccess(models.Model):
    """A mailed link to an order. Only the hash of its 128-bit token is kept, and it ends."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="accesses")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, default="link")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.order_id} until {self.expires_at:%Y-%m-%d}"
