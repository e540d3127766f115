"""Why an order leaves from where it does: what was chosen, what else was possible, and from which facts."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AllocationDecision(models.Model):
    """One decision of the planner for an order. A later one for the same order supersedes it; none is altered.

    `chosen` and each of `alternatives` are a plan as `inventory.sourcing.stored` writes it; `inputs` is the problem
    with amounts in minor units of `currency`, so that it can be planned again without a warehouse.
    """

    class Cause(models.TextChoices):
        PLACED = "placed", pgettext_lazy("why warehouses were chosen", "the order was placed")
        PAID_LATE = "paid_late", pgettext_lazy("why warehouses were chosen", "the money came late")
        RESHIPPED = "reshipped", pgettext_lazy("why warehouses were chosen", "the goods are sent again")
        REPLANNED = "replanned", pgettext_lazy("why warehouses were chosen", "planned again")
        OVERRIDDEN = "overridden", pgettext_lazy("why warehouses were chosen", "chosen by a person")

    order_ref = models.CharField(_("order"), max_length=40)
    market = models.CharField(_("market"), max_length=20)
    cause = models.CharField(_("why"), max_length=12, choices=Cause.choices)
    currency = models.CharField(_("currency"), max_length=3)
    score_minor = models.BigIntegerField(_("score"), default=0)
    is_exact = models.BooleanField(_("every possibility was weighed"), default=True)
    chosen = models.JSONField(_("chosen"))
    alternatives = models.JSONField(_("alternatives"), default=list)
    inputs = models.JSONField(_("from what"), default=dict)
    engine_version = models.CharField(_("version"), max_length=20)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    actor = models.CharField(_("who"), max_length=150, blank=True)
    created = models.DateTimeField(_("when"), auto_now_add=True)

    objects: ClassVar[models.Manager["AllocationDecision"]] = models.Manager()

    class Meta:
        verbose_name = _("sourcing decision")
        verbose_name_plural = _("sourcing decisions")
        ordering = ["-pk"]
        permissions = [("replay_sourcing", _("Can try out what another network of warehouses would have done"))]
        indexes = [
            models.Index(fields=["order_ref"], name="decision_by_order"),
            models.Index(fields=["created"], name="decision_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(cause="overridden") | ~models.Q(reason=""), name="decision_override_says_why"
            ),
        ]
        triggers = [pgtrigger.Protect(name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.cause}"
