"""Gift cards and store credit: money the shop owes, as an account with entries, and what operators may grant."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from core.transitions import Transitions


class CreditKind(models.TextChoices):
    """Whoever knows a gift card's code may spend it; store credit belongs to a person.

    The credit of an exchange is nobody's to spend: it passes from the order that goods come back of to the order of
    those that are sent instead, and back to the payments when the exchange does not last.
    """

    GIFT_CARD = "gift_card", _("Gift card")
    STORE_CREDIT = "store_credit", _("Store credit")
    EXCHANGE = "exchange", _("Exchange")


GRANTED_KINDS = (CreditKind.GIFT_CARD, CreditKind.STORE_CREDIT)
"""What operators may grant."""


class CreditAccount(Transitions, TimeStamped):
    """What the shop owes on one gift card, or to one person in one currency. Amounts are minor units.

    `balance_minor` is the sum of the entries and moves with them only. `initial_minor` is everything ever put in, so
    that what is given back after spending always fits below it. Of a code only its hash and last letters are kept.
    """

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("state of a gift card", "active")
        BLOCKED = "blocked", pgettext_lazy("state of a gift card", "blocked")
        EXPIRED = "expired", pgettext_lazy("state of a gift card", "expired")
        CANCELED = "canceled", pgettext_lazy("state of a gift card", "cancelled")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            "active": {"blocked", "expired", "canceled"},
            "blocked": {"active", "expired", "canceled"},
            # What is given back after an order's refund can be spent again.
            "expired": {"active"},
            "canceled": {"active"},
        }
    }

    kind = models.CharField(_("kind"), max_length=12, choices=CreditKind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    currency = models.CharField(_("currency"), max_length=3)
    initial_minor = models.BigIntegerField(_("put in"), default=0)
    balance_minor = models.BigIntegerField(_("balance"), default=0)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    last_four = models.CharField(_("last four letters"), max_length=4, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    market = models.CharField(_("market"), max_length=12, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    source = models.CharField(_("where from"), max_length=60, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    owner_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift card or store credit")
        verbose_name_plural = _("gift cards and store credit")
        ordering = ["-pk"]
        permissions = [("block_creditaccount", "Can block and cancel gift cards and store credit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(balance_minor__gte=0, balance_minor__lte=F("initial_minor")), name="credit_balance_within"
            ),
            models.CheckConstraint(
                condition=Q(kind="gift_card") & ~Q(code_hash="")
                | Q(kind__in=["store_credit", "exchange"], code_hash="", expires_on=None),
                name="credit_card_has_code",
            ),
            models.CheckConstraint(
                condition=Q(kind="gift_card")
                | Q(kind="exchange") & ~Q(source="")
                | Q(kind="store_credit") & (~Q(owner_hash="") | Q(user__isnull=False)),
                name="credit_has_owner",
            ),
            models.UniqueConstraint(fields=["code_hash"], name="credit_code_once", condition=~Q(code_hash="")),
            models.UniqueConstraint(fields=["source"], name="credit_source_once", condition=~Q(source="")),
            models.UniqueConstraint(
                fields=["user", "currency"],
                name="credit_once_per_member",
                condition=Q(kind="store_credit", user__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["owner_hash", "currency"],
                name="credit_once_per_guest",
                condition=Q(kind="store_credit", user__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"], name="credit_expiring", condition=Q(state="active", balance_minor__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"•••• {self.last_four}" if self.last_four else f"{self.get_kind_display()} {self.pk}"

    @property
    def balance(self) -> Money:
        return from_minor(self.balance_minor, self.currency)

    @property
    def initial(self) -> Money:
        return from_minor(self.initial_minor, self.currency)


class GiftCard(CreditAccount):
    """The same rows, for the page of gift cards."""

    class Meta:
        proxy = True
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")


class StoreCredit(CreditAccount):
    """The same rows, for the page of store credit."""

    class Meta:
        proxy = True
        verbose_name = _("store credit")
        verbose_name_plural = _("store credit")


class CreditEntry(models.Model):
    """One movement on an account, for ever. The same cause (`kind`, `ref`) moves it once."""

    class Kind(models.TextChoices):
        ISSUE = "issue", pgettext_lazy("movement of a gift card", "put in")
        SPEND = "spend", pgettext_lazy("movement of a gift card", "spent")
        REFUND = "refund", pgettext_lazy("movement of a gift card", "given back")
        EXPIRE = "expire", pgettext_lazy("movement of a gift card", "expired")
        CANCEL = "cancel", pgettext_lazy("movement of a gift card", "cancelled")

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    ref = models.CharField(_("cause"), max_length=120)
    amount_minor = models.BigIntegerField(_("amount"))
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    created = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref"], name="credit_entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["issue", "refund"], amount_minor__gt=0)
                | Q(kind__in=["spend", "expire", "cancel"], amount_minor__lt=0),
                name="credit_entry_sign",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="credit_entry_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"

    @property
    def amount(self) -> Money:
        """Needs the account."""
        return from_minor(self.amount_minor, self.account.currency)


class CreditGrant(Transitions, TimeStamped):
    """What an operator wants to give: at once up to the currency's limit, above it when a second person agrees."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a grant", "waits for a second person")
        GIVEN = "given", pgettext_lazy("state of a grant", "given")
        REFUSED = "refused", pgettext_lazy("state of a grant", "refused")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {"state": {"asked": {"given", "refused"}}}

    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=CreditKind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    email = models.EmailField(_("for"), max_length=254)
    market = models.CharField(_("market"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name=_("account")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("granted credit")
        verbose_name_plural = _("granted credit")
        ordering = ["-pk"]
        permissions = [("approve_creditgrant", "Can agree to what another operator grants")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_grant_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_grant_has_reason"),
            models.CheckConstraint(
                condition=~Q(state="given") | Q(account__isnull=False), name="credit_grant_given_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}" if self.pk else str(self._meta.verbose_name)

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)


class CreditLimit(models.Model):
    """How much one operator may grant alone in a currency. Without a row everything needs a second person."""

    currency = models.CharField(_("currency"), max_length=3, unique=True)
    alone_minor = models.BigIntegerField(_("alone up to (smallest units)"))

    class Meta:
        verbose_name = _("limit for granting credit")
        verbose_name_plural = _("limits for granting credit")
        ordering = ["currency"]
        constraints = [
            models.CheckConstraint(condition=Q(alone_minor__gte=0), name="credit_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return str(from_minor(self.alone_minor, self.currency))


class CreditTerm(models.Model):
    """How many years a new gift card of a market is valid. Without a row it never expires."""

    market = models.CharField(_("market"), max_length=12, unique=True)
    years = models.PositiveSmallIntegerField(_("valid for so many years"))
    law = models.CharField(_("the rule that allows it"), max_length=200)

    class Meta:
        verbose_name = _("validity of gift cards")
        verbose_name_plural = _("validity of gift cards")
        ordering = ["market"]
        constraints = [
            models.CheckConstraint(condition=Q(years__gte=1), name="credit_term_positive"),
            models.CheckConstraint(condition=~Q(law=""), name="credit_term_has_law"),
        ]

    def __str__(self) -> str:
        return f"{self.market}: {self.years}"
