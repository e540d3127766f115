"""Money in doubt: cases a person has to look at. Nothing here is ever only a log line."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from payments.models.inbox import PaymentEvent
from payments.models.payment import Payment, PaymentTransaction


class PaymentException(Transitions, TimeStamped):
    """A case: something about money does not fit, and what was decided about it."""

    class Kind(models.TextChoices):
        AMOUNT = "amount_mismatch", _("another amount than expected")
        CURRENCY = "currency_mismatch", _("another currency than expected")
        REFERENCE = "reference_mismatch", _("reported under another payment")
        EXCESS = "excess", _("more than expected, or taken twice")
        SURPLUS = "surplus", _("more was transferred than asked for")
        REFUND = "refund_excess", _("more refunded than taken")
        REFUND_FAILED = "refund_failed", _("a refund was refused")
        UNMATCHED = "unmatched_event", _("a message about no known payment")
        SILENT = "silent_provider", _("the provider cannot say what happened")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted as it is")
        DISMISSED = "dismissed", _("closed without a booking")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {"open": {"accepted", "dismissed"}, "accepted": set(), "dismissed": set()}
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="cases")
    fact = models.ForeignKey(PaymentTransaction, null=True, on_delete=models.PROTECT, related_name="cases")
    event = models.ForeignKey(PaymentEvent, null=True, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=160, editable=False)
    detail = models.JSONField(_("details"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.TextField(_("note"), blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("resolved by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment case")
        verbose_name_plural = _("payment cases")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="payment_case_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(resolved_at__isnull=False),
                name="payment_case_resolved_when_closed",
            ),
        ]
        permissions = [("resolve_paymentexception", _("Can resolve payment cases"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
