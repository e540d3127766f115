"""Payments and the facts reported about them."""

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.money import from_minor
from core.transitions import Transitions
from payments.types import NextAction, PaymentHandle

BEFORE_MONEY = ("created", "action_required", "processing")
"""States in which nobody knows yet how the payment ends."""
WITH_MONEY = frozenset({"captured", "partly_refunded", "refunded", "disputed"})
ENDINGS = frozenset({"authorized", "failed", "canceled", "held"}) | WITH_MONEY


class PaymentQuerySet(LockingQuerySet["Payment"]):
    """Payments, and the questions asked about them."""

    def of_order(self, order_ref: str) -> Self:
        return self.filter(order_ref=order_ref)

    def undecided(self) -> Self:
        """Payments whose end is still to be found out."""
        return self.filter(state__in=BEFORE_MONEY)


class Payment(Transitions, TimeStamped):
    """One attempt to be paid for one order, by one method of one provider.

    Amounts are minor units of `currency`. The columns are the sum of the facts in `PaymentTransaction`
    and are written by `settle_payment` only.
    """

    class State(models.TextChoices):
        CREATED = "created", _("created")
        ACTION_REQUIRED = "action_required", _("waits for the shopper")
        PROCESSING = "processing", _("waits for the money")
        AUTHORIZED = "authorized", _("authorised")
        CAPTURED = "captured", _("captured")
        PARTLY_REFUNDED = "partly_refunded", _("partly refunded")
        REFUNDED = "refunded", _("refunded")
        DISPUTED = "disputed", _("disputed")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("cancelled")
        HELD = "held", _("held for a person")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            "created": {"action_required", "processing", *ENDINGS},
            "action_required": {"processing", *ENDINGS},
            "processing": ENDINGS,
            "failed": {"authorized", "canceled", "held", *WITH_MONEY},
            "authorized": {"canceled", "held", *WITH_MONEY},
            "canceled": {"held", *WITH_MONEY},
            "held": WITH_MONEY,
            "captured": WITH_MONEY,
            "partly_refunded": WITH_MONEY,
            "refunded": WITH_MONEY,
            "disputed": WITH_MONEY,
        }
    }

    ref = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    order_ref = models.CharField(_("order"), max_length=40)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    provider = models.CharField(_("provider"), max_length=30)
    method = models.CharField(_("method"), max_length=40)
    provider_ref = models.CharField(_("provider's reference"), max_length=255, blank=True)
    idempotency_key = models.CharField(max_length=100, unique=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    authorized_minor = models.BigIntegerField(_("authorised"), default=0)
    captured_minor = models.BigIntegerField(_("captured"), default=0)
    refunding_minor = models.BigIntegerField(_("being refunded"), default=0)
    refunded_minor = models.BigIntegerField(_("refunded"), default=0)
    disputed_minor = models.BigIntegerField(_("disputed"), default=0)
    manual_capture = models.BooleanField(_("captured by hand"), default=False)
    in_parts = models.BooleanField(_("may come in several parts"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.CREATED)
    failure_code = models.CharField(_("reason"), max_length=60, blank=True)
    next_action = models.JSONField(_("next action"), default=dict, blank=True)
    risk = models.JSONField(_("risk signals"), default=dict, blank=True)
    visitor = models.CharField(max_length=64, blank=True, editable=False)
    account = models.CharField(max_length=64, blank=True, editable=False)
    address = models.CharField(max_length=64, blank=True, editable=False)
    strong = models.BooleanField(_("3-D Secure asked for"), default=False, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    poll_after = models.DateTimeField(_("next asked"), default=timezone.now)
    polls = models.PositiveIntegerField(_("times asked"), default=0)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], name="payment_provider_ref_once", condition=~Q(provider_ref="")
            ),
            models.UniqueConstraint(fields=["order_ref", "attempt"], name="payment_attempt_once"),
            models.UniqueConstraint(
                fields=["order_ref"], name="payment_one_undecided", condition=Q(state__in=BEFORE_MONEY)
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(
                    authorized_minor__gte=0,
                    captured_minor__gte=0,
                    refunding_minor__gte=0,
                    refunded_minor__gte=0,
                    disputed_minor__gte=0,
                ),
                name="payment_none_negative",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__lte=Greatest(F("authorized_minor"), F("amount_minor"))),
                name="payment_captured_within",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__gte=F("refunded_minor") + F("refunding_minor") + F("disputed_minor")),
                name="payment_refunds_within",
            ),
        ]
        indexes = [
            models.Index(fields=["poll_after"], name="payment_undecided", condition=Q(state__in=BEFORE_MONEY)),
            models.Index(fields=["visitor", "created"], name="payment_by_visitor", condition=~Q(visitor="")),
            models.Index(fields=["account", "created"], name="payment_by_account", condition=~Q(account="")),
            models.Index(fields=["address", "created"], name="payment_by_address", condition=~Q(address="")),
        ]
        permissions = [
            ("capture_payment", _("Can capture payments")),
            ("cancel_payment", _("Can cancel payments")),
            ("refund_payment", _("Can refund payments")),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref} · {self.provider} {self.attempt}"

    @property
    def amount(self) -> Money:
        return from_minor(self.amount_minor, self.currency)

    @property
    def authorized(self) -> Money:
        return from_minor(self.authorized_minor, self.currency)

    @property
    def captured(self) -> Money:
        return from_minor(self.captured_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return from_minor(self.refunded_minor, self.currency)

    @property
    def refundable_minor(self) -> int:
        """What can still be given back, with refunds under way and disputes taken off."""
        return self.captured_minor - self.refunded_minor - self.refunding_minor - self.disputed_minor

    @property
    def refundable(self) -> Money:
        return from_minor(self.refundable_minor, self.currency)

    @property
    def is_undecided(self) -> bool:
        return self.state in BEFORE_MONEY

    @property
    def handle(self) -> PaymentHandle:
        return PaymentHandle(
            payment_ref=self.ref,
            provider_ref=self.provider_ref,
            amount=self.amount,
            manual_capture=self.manual_capture,
            is_open=self.is_undecided,
            expires_at=self.expires_at,
        )

    @property
    def what_next(self) -> NextAction:
        """The stored next action; `none` before the start and after the end."""
        if not self.is_undecided or not self.next_action:
            return NextAction("none")
        return NextAction(self.next_action["kind"], self.next_action.get("url", ""))


class PaymentTransaction(models.Model):
    """A fact: what a provider said has happened. Append-only; the same fact is stored once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transactions")
    kind = models.CharField(_("kind"), max_length=20)
    fact_ref = models.CharField(_("provider's reference"), max_length=255)
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    provider_ref = models.CharField(max_length=255, blank=True)
    refund_ref = models.UUIDField(null=True, blank=True)
    code = models.CharField(_("reason"), max_length=60, blank=True)
    card = models.CharField(max_length=64, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=10)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    detail = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("payment fact")
        verbose_name_plural = _("payment facts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind", "fact_ref"], name="payment_fact_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payment_fact_not_negative"),
        ]
        indexes = [
            models.Index(fields=["card", "recorded_at"], name="payment_fact_card", condition=~Q(card="")),
        ]
        triggers = [
            pgtrigger.Protect(name="payment_facts_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact_ref}"
