"""How money on the shop's accounts adds up: a line that paid several orders, and what banks said they held."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.money import from_minor
from payments.models.bank import BankAccount
from payments.models.bank_lines import BankBooking, BankStatement
from payments.models.payment import Payment


class BankShare(models.Model):
    """The part of one line that belongs to one of several payments. The shares of a line are the whole of it."""

    booking = models.ForeignKey(BankBooking, on_delete=models.PROTECT, related_name="shares")
    payment = models.ForeignKey(
        Payment, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="bank_shares"
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("share of a bank line")
        verbose_name_plural = _("shares of bank lines")
        ordering = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["booking", "payment"], name="bank_share_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_share_positive"),
        ]
        triggers = [
            pgtrigger.Protect(name="bank_share_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)


class BankBalance(models.Model):
    """What one statement said the account held before its first line and after its last. Kept once per account.

    `number` is the statement's own ("324/1"), as far as the bank counts them. The balances of an account form a
    chain; where one does not begin with what the one before ended with, a statement is missing.
    """

    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="balances"
    )
    statement = models.ForeignKey(
        BankStatement, verbose_name=_("file"), on_delete=models.PROTECT, related_name="balances"
    )
    balance_key = models.CharField(max_length=64, editable=False)
    number = models.CharField(_("number"), max_length=35, blank=True)
    opened_on = models.DateField(_("from"))
    closed_on = models.DateField(_("until"))
    currency = models.CharField(_("currency"), max_length=3)
    opening_minor = models.BigIntegerField(_("before"))
    closing_minor = models.BigIntegerField(_("after"))

    class Meta:
        verbose_name = _("balance of a bank statement")
        verbose_name_plural = _("balances of bank statements")
        ordering = ["-closed_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "balance_key"], name="bank_balance_once"),
            models.CheckConstraint(condition=Q(closed_on__gte=models.F("opened_on")), name="bank_balance_days"),
        ]
        triggers = [
            pgtrigger.Protect(name="bank_balance_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.closed_on}"

    @property
    def opening(self) -> Money:
        return from_minor(self.opening_minor, self.currency)

    @property
    def closing(self) -> Money:
        return from_minor(self.closing_minor, self.currency)
