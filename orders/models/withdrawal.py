"""What somebody declared with the withdrawal function (Directive (EU) 2023/2673, Art. 11a of 2011/83/EU)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models.order import Order
from orders.models.returns import ReturnRequest


class Timeliness(models.TextChoices):
    """Whether it came within the period. A statement that fits no order cannot be judged by a machine."""

    IN_TIME = "in_time", pgettext_lazy("withdrawal", "In time")
    LATE = "late", pgettext_lazy("withdrawal", "After the period")
    UNKNOWN = "unknown", pgettext_lazy("withdrawal", "Not known")


class WithdrawalStatement(models.Model):
    """One statement, kept as it was made: a withdrawal takes effect by being sent, so nothing here is ever refused.

    `key` names one confirmed form: pressed twice it is one statement. What is written later is the order it was found
    to belong to and that somebody has looked at it; the words and the time never change (trigger).
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals")
    return_request = models.OneToOneField(
        ReturnRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawal"
    )
    named_order = models.CharField(_("order as named"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("email"))
    goods = models.JSONField(_("goods"), default=list, help_text=_("Names and quantities as they were shown."))
    text = models.TextField(_("statement"))
    market = models.CharField(_("market"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    timeliness = models.CharField(_("in time"), max_length=8, choices=Timeliness.choices)
    last_day = models.DateField(_("last day of the period"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), db_index=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.CharField(_("handled by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-received_at"]
        permissions = [("handle_withdrawal", _("Can say that a withdrawal was dealt with"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(timeliness__in=Timeliness.values), name="orders_withdrawal_timeliness_known"
            ),
            models.CheckConstraint(
                condition=Q(return_request__isnull=True) | Q(order__isnull=False),
                name="orders_withdrawal_return_has_order",
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True) | Q(handled_at__gte=F("received_at")),
                name="orders_withdrawal_handled_after_received",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(handled_at__isnull=True), name="orders_withdrawal_waiting"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="as_declared", fields=["number", "key", "received_at", "timeliness"]),
        ]

    def __str__(self) -> str:
        return self.number
