"""Bank transfers: the shop's accounts, what shoppers were asked to transfer, and what has to be sent back by hand."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.money import Money
from stdnum import bic as bics
from stdnum import iban as ibans

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from payments.models.payment import Payment


def check_iban(written: str) -> None:
    """Refuse an account number whose check digits or structure are wrong."""
    if not ibans.is_valid(written):
        raise ValidationError(_("This is not a valid IBAN. Compare it with your bank's papers."), code="iban")


def check_bic(written: str) -> None:
    """Refuse what cannot be a bank's code."""
    if not bics.is_valid(written):
        raise ValidationError(_("This is not a valid BIC. It has 8 or 11 letters and digits."), code="bic")


class BankAccount(TimeStamped):
    """An account of the shop at a bank: an IBAN, or what a country writes in its place."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For operators only."))
    holder = models.CharField(_("account holder"), max_length=70)
    bank_name = models.CharField(_("bank"), max_length=120, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, validators=[check_iban])
    bic = models.CharField(_("BIC"), max_length=11, blank=True, validators=[check_bic])
    local = models.TextField(
        _("local account"),
        max_length=400,
        blank=True,
        help_text=_("Where accounts have no IBAN: one line each, as shoppers copy it, for example branch and number."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    days_to_pay = models.PositiveSmallIntegerField(
        _("days to pay"), default=7, help_text=_("So long the goods are kept for the shopper.")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["iban", "currency"], name="bank_account_once", condition=~Q(iban="")),
            models.CheckConstraint(condition=~Q(iban="", local=""), name="bank_account_has_number"),
            models.CheckConstraint(condition=Q(days_to_pay__gte=1, days_to_pay__lte=60), name="bank_account_days"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Written as banks write it; something to transfer to in any case."""
        self.iban, self.bic = ibans.compact(self.iban), bics.compact(self.bic)
        self.currency = self.currency.upper()
        if not self.iban and not self.local.strip():
            raise ValidationError(_("Enter an IBAN, or the account as it is written in its country."))


class MarketBankAccount(models.Model):
    """The account a market asks its shoppers to transfer to."""

    market = models.OneToOneField(
        "markets.Market", verbose_name=_("market"), on_delete=models.PROTECT, related_name="+"
    )
    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="markets"
    )

    class Meta:
        verbose_name = _("bank account of a market")
        verbose_name_plural = _("bank accounts of markets")
        ordering = ["market"]

    def __str__(self) -> str:
        return f"{self.market_id} {self.account_id}"


class BankTransfer(TimeStamped):
    """What a shopper was asked to transfer. `shown` is the account as it stood then; it never changes afterwards."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="transfer")
    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="transfers"
    )
    reference = models.CharField(_("reference"), max_length=25, unique=True)
    token = models.CharField(max_length=64, unique=True, editable=False)
    shown = models.JSONField(_("account as shown"), default=dict)
    market = models.CharField(_("market"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    return_url = models.CharField(max_length=500, editable=False)
    due_at = models.DateTimeField(_("due"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank transfer")
        verbose_name_plural = _("bank transfers")
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], name="bank_transfer_to_remind", condition=Q(reminded_at=None, closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.reference


class BankPayout(TimeStamped):
    """Money that a person has to transfer back at the bank. One per refund; `sent` and `refused` are what they said."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("transfer to send", "to send")
        SENT = "sent", pgettext_lazy("transfer to send", "sent")
        REFUSED = "refused", pgettext_lazy("transfer to send", "cannot be sent")

    refund_ref = models.UUIDField(_("refund"), default=uuid.uuid4, unique=True, editable=False)
    transfer = models.ForeignKey(BankTransfer, on_delete=models.PROTECT, related_name="payouts")
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    recipient = models.CharField(_("recipient"), max_length=140, blank=True)
    recipient_account = models.CharField(_("recipient's account"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    bank_ref = models.CharField(_("bank's reference"), max_length=80, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer to send")
        verbose_name_plural = _("transfers to send")
        ordering = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bank_payout_positive"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="bank_payout_sent_when",
            ),
        ]
        permissions = [("send_bankpayout", _("Can say that a transfer was sent"))]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.amount}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)
