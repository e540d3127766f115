"""Refunds: promises to give money back, and how far each has come."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from core.transitions import Transitions
from payments.models.payment import Payment

OPEN_REFUNDS = ("requested", "submitted", "pending")


class Refund(Transitions, TimeStamped):
    """Money on its way back. `requested`: promised; `submitted`: being asked for; `pending`: the provider has it."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        SUBMITTED = "submitted", _("being sent")
        PENDING = "pending", _("on its way")
        SUCCEEDED = "succeeded", _("refunded")
        FAILED = "failed", _("failed")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            "requested": {"submitted", "pending", "succeeded", "failed"},
            "submitted": {"pending", "succeeded", "failed"},
            "pending": {"succeeded", "failed"},
            # A bank may send a refund back after it was reported as done.
            "succeeded": set(),
            # The lost answer of a call may still turn out to have been a success.
            "failed": {"succeeded"},
        }
    }

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    key = models.CharField(max_length=120, unique=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    provider_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    requested_by = models.CharField(_("requested by"), max_length=200, blank=True)
    failure_code = models.CharField(_("reason of failure"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["payment", "provider_ref"], name="refund_provider_ref_once", condition=~Q(provider_ref="")
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="refund_open", condition=Q(state__in=OPEN_REFUNDS)),
        ]

    def __str__(self) -> str:
        return f"{self.payment.order_ref} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)
