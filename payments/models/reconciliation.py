"""What is left to a person after matching: work items, and the runs of the nightly proof."""

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
from payments.models.payment import PaymentTransaction
from payments.models.statement import StatementEntry


class ReconciliationItem(Transitions, TimeStamped):
    """One difference between our books and a provider's, or within ours, until somebody or a later day explains it."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown_here", _("at the provider, not in our books")
        MISSING = "missing_there", _("in our books, not at the provider")
        AMOUNT = "amount_differs", _("the amounts differ")
        DOUBT = "in_doubt", _("the payment case is still open")
        RATE = "rate_missing", _("no exchange rate is known for the day")
        OTHER = "unexplained", _("a movement of a kind we do not know")
        PAYOUT = "payout_differs", _("the payout is not the sum of its rows")
        PROOF = "proof", _("the books of an order do not agree")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("difference of books", "open")
        RESOLVED = "resolved", pgettext_lazy("difference of books", "resolved")

    class Resolution(models.TextChoices):
        MATCHED = "matched", _("it agrees now")
        EXPLAINED = "explained", _("explained")
        BOOKED = "booked", _("booked")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        # What agreed for a while and differs again waits for a person again.
        "state": {"open": {"resolved"}, "resolved": {"open"}}
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=300, editable=False)
    provider = models.CharField(_("provider"), max_length=30, blank=True)
    entry = models.ForeignKey(
        StatementEntry,
        verbose_name=_("row of the provider"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    fact = models.ForeignKey(
        PaymentTransaction,
        verbose_name=_("payment fact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    difference_minor = models.BigIntegerField(_("difference"), null=True, blank=True)
    detail = models.JSONField(_("details"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    resolution = models.CharField(_("resolution"), max_length=10, choices=Resolution.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("resolved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of books")
        verbose_name_plural = _("differences of books")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "subject"], name="reconciliation_item_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(resolved_at__isnull=False) & ~Q(resolution=""),
                name="reconciliation_item_resolved_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(resolution__in=["explained", "booked"]) | ~Q(note=""),
                name="reconciliation_item_says_why",
            ),
        ]
        indexes = [models.Index(fields=["kind", "created"], name="reconciliation_open", condition=Q(state="open"))]
        permissions = [
            ("reconcile_payments", _("Can read providers' books and resolve differences")),
        ]

    def __str__(self) -> str:
        about = self.detail.get("row") or self.detail.get("reference") or self.order_ref
        return f"{self.get_kind_display()}: {about}" if about else self.get_kind_display()

    @property
    def difference(self) -> Money | None:
        """By how much, in the currency of the difference; none where it is not about an amount."""
        if self.difference_minor is None or not self.currency:
            return None
        return from_minor(self.difference_minor, self.currency)


class ProofRun(models.Model):
    """One run of the nightly proof over all orders: how many each check found, zero being right."""

    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    since = models.DateTimeField(_("orders since"), null=True, blank=True)
    orders = models.PositiveIntegerField(_("orders"), default=0)
    failed = models.PositiveIntegerField(_("orders that do not agree"), default=0)
    found = models.JSONField(_("found"), default=dict)
    is_clean = models.BooleanField(_("clean"), default=False)

    class Meta:
        verbose_name = _("run of the money proof")
        verbose_name_plural = _("runs of the money proof")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M}"
