"""The providers' own books, as they told us: rows kept for ever, and what each of them was matched with."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.money import Money

from core.locks import LockingQuerySet
from core.money import from_minor
from payments.models.payment import PaymentTransaction


class StatementRead(models.Model):
    """One reading of a provider's books: asked for a span of time, or out of a file."""

    class Source(models.TextChoices):
        ASKED = "asked", pgettext_lazy("where rows of books came from", "asked")
        FILE = "file", pgettext_lazy("where rows of books came from", "file")

    provider = models.CharField(_("provider"), max_length=30)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    name = models.CharField(_("file"), max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    begin = models.DateTimeField(_("from"), null=True, blank=True)
    end = models.DateTimeField(_("until"), null=True, blank=True)
    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("rows"), default=0)
    fresh = models.PositiveIntegerField(_("new rows"), default=0)
    refusal = models.CharField(_("refused because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reading of a provider's books")
        verbose_name_plural = _("readings of providers' books")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["provider", "end"], name="statement_read_until")]

    def __str__(self) -> str:
        return f"{self.provider} {self.started:%Y-%m-%d %H:%M}"


class StatementEntry(models.Model):
    """One row of a provider's books, stored once. Amounts are minor units of the balance's `currency`."""

    class Kind(models.TextChoices):
        CHARGE = "charge", pgettext_lazy("row of a provider's books", "charge")
        REFUND = "refund", pgettext_lazy("row of a provider's books", "refund")
        FEE = "fee", pgettext_lazy("row of a provider's books", "fee")
        DISPUTE = "dispute", pgettext_lazy("row of a provider's books", "dispute")
        PAYOUT = "payout", pgettext_lazy("row of a provider's books", "payout")
        ADJUSTMENT = "adjustment", pgettext_lazy("row of a provider's books", "adjustment")

    provider = models.CharField(_("provider"), max_length=30)
    entry_id = models.CharField(_("provider's name of the row"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    fee_minor = models.BigIntegerField(_("fee"), default=0)
    net_minor = models.BigIntegerField(_("net"))
    charged_minor = models.BigIntegerField(_("in the shopper's currency"), null=True, blank=True)
    charged_currency = models.CharField(_("shopper's currency"), max_length=3, blank=True)
    exchange_rate = models.DecimalField(_("exchange rate"), max_digits=30, decimal_places=18, null=True, blank=True)
    provider_ref = models.CharField(_("payment at the provider"), max_length=255, blank=True)
    fact_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    payment_ref = models.UUIDField(_("payment"), null=True, blank=True)
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    payout_id = models.CharField(_("payout"), max_length=120, blank=True)
    occurred_at = models.DateTimeField(_("booked by the provider"))
    available_on = models.DateField(_("available on"), null=True, blank=True)
    read = models.ForeignKey(StatementRead, verbose_name=_("reading"), on_delete=models.PROTECT, related_name="entries")
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a provider's books")
        verbose_name_plural = _("rows of providers' books")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "entry_id"], name="statement_entry_once"),
            models.CheckConstraint(
                condition=Q(net_minor=F("amount_minor") - F("fee_minor")), name="statement_entry_net"
            ),
            models.CheckConstraint(
                condition=Q(charged_minor__isnull=True, charged_currency="")
                | Q(charged_minor__isnull=False) & ~Q(charged_currency=""),
                name="statement_entry_charged_with_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["occurred_at", "provider", "currency"], name="statement_entry_day"),
            models.Index(fields=["order_ref"], name="statement_entry_order", condition=~Q(order_ref="")),
            models.Index(fields=["provider", "payout_id"], name="statement_entry_payout", condition=~Q(payout_id="")),
        ]
        triggers = [
            pgtrigger.Protect(name="statement_entry_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="statement_entry_unchanged",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["payout_id"]),
            ),
            pgtrigger.Protect(
                name="statement_entry_payout_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__payout_id__gt="", old__payout_id__df=pgtrigger.F("new__payout_id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.entry_id}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return from_minor(self.fee_minor, self.currency)

    @property
    def net(self) -> Money:
        return from_minor(self.net_minor, self.currency)

    @property
    def charged(self) -> Money:
        """What moved in the shopper's currency: the amount itself where nothing was converted."""
        if self.charged_minor is None:
            return self.amount
        return from_minor(self.charged_minor, self.charged_currency)


class StatementMatch(models.Model):
    """What a row of a provider's books turned out to be. Written once."""

    class Verdict(models.TextChoices):
        MATCHED = "matched", pgettext_lazy("row of a provider's books", "matched")
        BOOKED = "booked", pgettext_lazy("row of a provider's books", "booked")
        EXPLAINED = "explained", pgettext_lazy("row of a provider's books", "explained")

    entry = models.OneToOneField(StatementEntry, verbose_name=_("row"), on_delete=models.PROTECT, related_name="match")
    fact = models.OneToOneField(
        PaymentTransaction,
        verbose_name=_("payment fact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="match",
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        verbose_name = _("match of a provider's row")
        verbose_name_plural = _("matches of providers' rows")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(verdict="matched", fact__isnull=False) | ~Q(verdict="matched") & Q(fact__isnull=True),
                name="statement_match_with_fact",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="statement_match_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.verdict}"
