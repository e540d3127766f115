"""Disputes: money a bank took back, what the shop answers with, and how it ended."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from core.transitions import Transitions
from payments.models.payment import Payment


class DisputeState(models.TextChoices):
    """Where a dispute stands."""

    OPEN = "open", pgettext_lazy("state of a dispute", "evidence is needed")
    ANSWERED = "answered", pgettext_lazy("state of a dispute", "evidence was handed in")
    GIVEN_UP = "given_up", pgettext_lazy("state of a dispute", "not contested")
    WON = "won", pgettext_lazy("state of a dispute", "won")
    PARTLY = "partly", pgettext_lazy("state of a dispute", "won in part")
    LOST = "lost", pgettext_lazy("state of a dispute", "lost")


class EvidenceKind(models.TextChoices):
    """What a bank looks at."""

    ORDER = "order", pgettext_lazy("evidence", "What was ordered")
    DELIVERY = "delivery", pgettext_lazy("evidence", "Proof of delivery")
    MESSAGES = "messages", pgettext_lazy("evidence", "Messages with the customer")
    TERMS = "terms", pgettext_lazy("evidence", "What the customer agreed to")
    ADDRESS = "address", pgettext_lazy("evidence", "The addresses match")
    REFUNDS = "refunds", pgettext_lazy("evidence", "What was refunded already")
    RISK = "risk", pgettext_lazy("evidence", "What was known when it was paid")


class Dispute(Transitions, TimeStamped):
    """One dispute, by the provider's own name. The money moves with the facts of its payment, never here.

    `decided_minor` is what came back to us. The states before the end are the shop's own; the end is the provider's.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            "open": {"answered", "given_up", "won", "partly", "lost"},
            "answered": {"won", "partly", "lost"},
            "given_up": {"won", "partly", "lost"},
            # A bank may decide again.
            "won": {"lost", "partly"},
            "partly": {"won", "lost"},
            "lost": {"won", "partly"},
        }
    }

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("payment"))
    order_ref = models.CharField(_("order"), max_length=40)
    fact_ref = models.CharField(_("provider's reference"), max_length=255)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    decided_minor = models.BigIntegerField(_("came back"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("evidence until"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked after by"),
    )
    answered_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-pk"]
        permissions = [("handle_dispute", _("Can answer disputes"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["payment", "fact_ref"], name="dispute_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(decided_minor__gte=0, decided_minor__lte=models.F("amount_minor")),
                name="dispute_came_back_within",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["won", "partly", "lost"]) | Q(ended_at__isnull=False),
                name="dispute_end_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="given_up") | ~Q(note=""), name="dispute_given_up_with_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["order_ref"], name="dispute_of_order"),
            models.Index(fields=["due_at"], name="dispute_due", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.fact_ref}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)

    @property
    def decided(self) -> Money:
        return from_minor(self.decided_minor, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether the shop can still do something."""
        return self.state in (DisputeState.OPEN, DisputeState.ANSWERED)


class DisputeEvidence(TimeStamped):
    """One piece that a person has looked at and chosen to hand in, or noted as missing, with their words."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices)
    is_chosen = models.BooleanField(_("hand in"), default=False)
    note = models.TextField(_("note"), blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dispute", "kind"], name="dispute_evidence_once"),
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="dispute_evidence_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}: {self.kind}"
