"""What is known about an order's risk, the rules an operator may change, and every decision for ever."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from payments.models.payment import Payment


class RiskOutcome(models.TextChoices):
    """What is done about a payment."""

    ALLOW = "allow", pgettext_lazy("outcome of the risk rules", "Let through")
    STRONG = "strong", pgettext_lazy("outcome of the risk rules", "Ask for 3-D Secure")
    HOLD = "hold", pgettext_lazy("outcome of the risk rules", "Hold for a person")
    REFUSE = "refuse", pgettext_lazy("outcome of the risk rules", "Refuse this way of paying")


class RiskSubject(TimeStamped):
    """An order as its risk sees it: digests and countries, no names and no addresses. One per order."""

    order_ref = models.CharField(_("order"), max_length=40, unique=True)
    account = models.CharField(max_length=64, blank=True, editable=False)
    email = models.CharField(max_length=64, blank=True, editable=False)
    address = models.CharField(max_length=64, blank=True, editable=False)
    ship_country = models.CharField(_("delivery country"), max_length=2, blank=True)
    bill_country = models.CharField(_("billing country"), max_length=2, blank=True)
    ip_country = models.CharField(_("country of the connection"), max_length=2, blank=True)
    is_disposable = models.BooleanField(_("disposable email"), default=False)
    is_first = models.BooleanField(_("first order"), default=False)
    worth_minor = models.BigIntegerField(_("worth"))
    currency = models.CharField(_("currency"), max_length=3)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk facts of an order")
        verbose_name_plural = _("risk facts of orders")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(worth_minor__gte=0), name="risk_subject_worth_not_negative"),
        ]
        indexes = [
            models.Index(fields=["address", "created"], name="risk_subject_address", condition=~Q(address="")),
            models.Index(fields=["account", "created"], name="risk_subject_account", condition=~Q(account="")),
            models.Index(fields=["currency", "created"], name="risk_subject_worth"),
        ]

    def __str__(self) -> str:
        return self.order_ref


class RiskRule(TimeStamped):
    """What an operator has set for one rule. A rule without a row is as the shop started with it."""

    code = models.CharField(_("rule"), max_length=30, unique=True)
    at_least = models.PositiveIntegerField(_("from"))
    points = models.PositiveSmallIntegerField(_("points"))
    is_on = models.BooleanField(_("on"), default=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk rule")
        verbose_name_plural = _("risk rules")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(at_least__gte=1), name="risk_rule_at_least_one"),
            models.CheckConstraint(condition=Q(points__lte=200), name="risk_rule_points_within"),
        ]

    def __str__(self) -> str:
        return self.code


class RiskThreshold(TimeStamped):
    """From how many points on something is done. One row for the shop (`name` is always "shop")."""

    name = models.CharField(max_length=10, unique=True, default="shop", editable=False)
    strong = models.PositiveSmallIntegerField(_("3-D Secure from"))
    hold = models.PositiveSmallIntegerField(_("hold from"))
    refuse = models.PositiveSmallIntegerField(_("refuse from"))

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk thresholds")
        verbose_name_plural = _("risk thresholds")
        constraints = [
            models.CheckConstraint(
                condition=Q(strong__gte=1, hold__gte=F("strong"), refuse__gte=F("hold")), name="risk_threshold_in_order"
            ),
            models.CheckConstraint(condition=Q(name="shop"), name="risk_threshold_one"),
        ]

    def __str__(self) -> str:
        return f"{self.strong} / {self.hold} / {self.refuse}"


class RiskDecision(models.Model):
    """One decision with everything it was made from: what was measured, which rules counted, which limits held.

    Append-only. `measured` is enough to decide again under other rules, which the preview of a change does.
    """

    class Moment(models.TextChoices):
        BEFORE = "before", pgettext_lazy("when risk was weighed", "before the provider was asked")
        AFTER = "after", pgettext_lazy("when risk was weighed", "when the money came")

    order_ref = models.CharField(_("order"), max_length=40)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    moment = models.CharField(_("when"), max_length=6, choices=Moment.choices)
    outcome = models.CharField(_("outcome"), max_length=6, choices=RiskOutcome.choices)
    points = models.PositiveIntegerField(_("points"))
    may_refuse = models.BooleanField(_("other ways of paying are left"), default=False)
    measured = models.JSONField(_("measured"), default=dict)
    signals = models.JSONField(_("what counted"), default=list, blank=True)
    limits = models.JSONField(_("limits"), default=dict)
    method = models.CharField(_("method"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("decided"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("risk decision")
        verbose_name_plural = _("risk decisions")
        ordering = ["-pk"]
        permissions = [("change_risk_rules", _("Can change the rules that weigh payments"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(outcome__in=RiskOutcome.values), name="risk_decision_outcome_known"),
            models.CheckConstraint(condition=~Q(moment="after", outcome="refuse"), name="risk_decision_after_is_late"),
            models.CheckConstraint(
                condition=Q(moment="before") | Q(payment__isnull=False), name="risk_decision_after_what"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["order_ref", "-id"], name="risk_decision_of_order"),
            models.Index(fields=["decided_at"], name="risk_decision_when"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="risk_decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.outcome} ({self.points})"
