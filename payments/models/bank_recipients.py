"""Where money goes back to by bank transfer, when that is not the account it came from: two people say so."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from payments.models.bank import BankPayout


class RecipientState(models.TextChoices):
    """What became of it."""

    ASKED = "asked", pgettext_lazy("state of an approval", "waits for a second person")
    DONE = "done", pgettext_lazy("state of an approval", "agreed and done")
    DECLINED = "declined", pgettext_lazy("state of an approval", "declined")


class RecipientChange(Transitions, TimeStamped):
    """One wish to send a waiting transfer to another account. Until somebody else agrees, the transfer stays.

    `before` is the account that stood there when it was asked for: agreeing to a change of something else is refused.
    """

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {"state": {"asked": {"done", "declined"}}}

    payout = models.ForeignKey(
        BankPayout, on_delete=models.PROTECT, related_name="recipient_changes", verbose_name=_("transfer to send")
    )
    before = models.CharField(_("account before"), max_length=60, blank=True)
    recipient = models.CharField(_("recipient"), max_length=140)
    recipient_account = models.CharField(_("recipient's account"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=RecipientState.choices, default=RecipientState.ASKED)
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
        verbose_name = _("other account for a transfer")
        verbose_name_plural = _("other accounts for transfers")
        ordering = ("-pk",)
        permissions = [("approve_recipientchange", _("Can agree to another account for a transfer"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(recipient_account="") & ~Q(reason=""), name="bank_recipient_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="bank_recipient_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=F("asked_by")), name="bank_recipient_two_people"
            ),
            models.UniqueConstraint(fields=["payout"], condition=Q(state="asked"), name="bank_recipient_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id}: {self.state}"
