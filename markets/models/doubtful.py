"""Exchange rates that were reported and are not believed yet."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.locks import LockingQuerySet
from markets.models.currencies import Currency


class DoubtfulRate(models.Model):
    """A rate that jumped too far from the one before. It is used by nobody until an operator has approved it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("exchange rate", "Waiting")
        APPROVED = "approved", pgettext_lazy("exchange rate", "Approved")
        REFUSED = "refused", pgettext_lazy("exchange rate", "Refused")

    base = models.ForeignKey(Currency, verbose_name=_("base"), on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Currency, verbose_name=_("quote"), on_delete=models.PROTECT, related_name="+")
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    effective_on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=40)
    previous_rate = models.DecimalField(_("rate before"), max_digits=20, decimal_places=10)
    previous_on = models.DateField(_("day of the rate before"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubtful exchange rate")
        verbose_name_plural = _("doubtful exchange rates")
        ordering = ["-effective_on", "base", "quote"]
        permissions = [("decide_doubtfulrate", _("Can approve and refuse doubtful exchange rates"))]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "effective_on", "source"], name="markets_doubtful_rate_once_per_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0, previous_rate__gt=0), name="markets_doubtful_rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="markets_doubtful_rate_two_currencies"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="markets_doubtful_rate_decided_when"
            ),
        ]
        triggers = [pgtrigger.Protect(name="stays_on_record", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.quote_id} {self.rate} {self.effective_on}"
