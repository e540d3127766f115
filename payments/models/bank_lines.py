"""What banks wrote about the shop's accounts: statements, their lines kept for ever, and what each line was."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from payments.models.bank import BankAccount, BankPayout
from payments.models.payment import Payment


class BankStatement(models.Model):
    """One file that was brought in."""

    class Format(models.TextChoices):
        CAMT = "camt", "CAMT.053"
        MT940 = "mt940", "MT940"
        TABLE = "table", _("table")

    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="statements"
    )
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64, editable=False)
    seen = models.PositiveIntegerField(_("lines"), default=0)
    fresh = models.PositiveIntegerField(_("new lines"), default=0)
    imported_at = models.DateTimeField(_("brought in"), auto_now_add=True)

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-pk"]
        permissions = [("import_bankstatement", _("Can bring in bank statements and book their lines"))]

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """One movement on an account, stored once. Positive amounts came in; minor units of `currency`.

    `line_key` is the bank's own name of the movement, else a digest of what it says. `remittance` is every word of
    the payer, in the bank's order.
    """

    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="lines"
    )
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    line_key = models.CharField(_("bank's name of the line"), max_length=120)
    booked_on = models.DateField(_("booked on"))
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    remittance = models.TextField(_("purpose"), blank=True)
    creditor_ref = models.CharField(_("reference"), max_length=35, blank=True)
    end_to_end = models.CharField(_("payer's own reference"), max_length=80, blank=True)
    payer = models.CharField(_("payer"), max_length=140, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "line_key"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="bank_line_moves"),
        ]
        triggers = [pgtrigger.Protect(name="bank_line_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)


class BankBooking(models.Model):
    """What a line turned out to be: money of a payment or of several, money that was sent back, or nothing of the
    shop's orders. Written once."""

    class Verdict(models.TextChoices):
        REFERENCE = "reference", pgettext_lazy("line of a bank statement", "matched by its reference")
        PERSON = "person", pgettext_lazy("line of a bank statement", "booked by a person")
        SEVERAL = "several", pgettext_lazy("line of a bank statement", "for several orders")
        ASIDE = "aside", pgettext_lazy("line of a bank statement", "not about an order")

    line = models.OneToOneField(BankLine, on_delete=models.PROTECT, related_name="booking")
    payment = models.ForeignKey(
        Payment,
        verbose_name=_("payment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bank_bookings",
    )
    payout = models.OneToOneField(
        BankPayout,
        verbose_name=_("transfer to send"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="booking",
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    note = models.TextField(_("note"), blank=True)
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("booking of a bank line")
        verbose_name_plural = _("bookings of bank lines")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(verdict="aside", payment=None, payout=None) & ~Q(note="")
                | Q(verdict="several", payment=None, payout=None)
                | Q(verdict__in=["reference", "person"], payment__isnull=False, payout=None)
                | Q(verdict__in=["reference", "person"], payment=None, payout__isnull=False),
                name="bank_booking_of_something",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="bank_booking_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.verdict}"


class TableShape(TimeStamped):
    """How the tables of an account are read: remembered from the last file that was understood."""

    account = models.OneToOneField(BankAccount, on_delete=models.PROTECT, related_name="table_shape")
    columns = models.JSONField(_("columns"), default=dict)

    class Meta:
        verbose_name = _("shape of an account's tables")
        verbose_name_plural = _("shapes of accounts' tables")

    def __str__(self) -> str:
        return str(self.account_id)
