"""Money that goes back above a limit: asked for by one person, agreed to by another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.money import Money, from_minor
from core.transitions import Transitions
from orders.models.order import Order


class ApprovalKind(models.TextChoices):
    """What would be done."""

    REFUND = "refund", pgettext_lazy("asks for a second person", "Refund")
    CANCEL = "cancel", pgettext_lazy("asks for a second person", "Cancel the order")
    RETURN = "return", pgettext_lazy("asks for a second person", "Refund of a return")


class ApprovalState(models.TextChoices):
    """What became of it."""

    ASKED = "asked", pgettext_lazy("state of an approval", "waits for a second person")
    DONE = "done", pgettext_lazy("state of an approval", "agreed and done")
    DECLINED = "declined", pgettext_lazy("state of an approval", "declined")


class MoneyApproval(Transitions, TimeStamped):
    """One wish to give money back, exactly as it was shown. It is carried out by whoever agrees, or never.

    `key` is the key the deed itself has, so that asking or agreeing twice does it once. `wanted` holds the answers of
    the form; the amount is checked again when it is done.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {"state": {"asked": {"done", "declined"}}}

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("order"))
    kind = models.CharField(_("what"), max_length=8, choices=ApprovalKind.choices)
    key = models.CharField(max_length=120, unique=True, editable=False)
    wanted = models.JSONField(default=dict, editable=False)
    amount = money_field(verbose_name=_("amount"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=ApprovalState.choices, default=ApprovalState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
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
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund that needs a second person")
        verbose_name_plural = _("refunds that need a second person")
        ordering = ("-pk",)
        permissions = [("approve_refund", _("Can agree to what another operator refunds"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="orders_approval_amount_positive"),
            exponent_check("amount", "orders_approval_amount_digits"),
            models.CheckConstraint(condition=~Q(reason=""), name="orders_approval_has_reason"),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="orders_approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=F("asked_by")), name="orders_approval_two_people"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(state="asked"), name="orders_approval_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind} {self.amount}"


class RefundLimit(models.Model):
    """How much of one order one person may give back alone in a currency.

    For the people of a role, or for everybody without one. Without any row of the currency there is no limit. Whoever
    has several roles has the highest limit of them; a role's row goes before the shop's.
    """

    currency = models.CharField(_("currency"), max_length=3)
    role = models.ForeignKey(
        "auth.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    alone_minor = models.BigIntegerField(_("alone up to (smallest units)"))

    class Meta:
        verbose_name = _("limit for refunds")
        verbose_name_plural = _("limits for refunds")
        ordering = ("currency", "role__name")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["currency", "role"], nulls_distinct=False, name="orders_refund_limit_once"),
            models.CheckConstraint(condition=Q(alone_minor__gte=0), name="orders_refund_limit_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.alone)

    @property
    def alone(self) -> Money:
        """As money."""
        return from_minor(self.alone_minor, self.currency)
