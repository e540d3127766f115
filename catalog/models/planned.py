"""What is to happen to a product at a moment, whoever is there to see it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class PlannedChange(TimeStamped):
    """A change of one product that a worker makes at `due_at`, or as soon after it as one runs.

    `status` is the state the product gets, empty when that stays. `texts` are field → language → words, `prices`
    rows of `{"list": id, "variant": id, "quantity": n, "amount": "19.90"}` (amount null: no price any more).
    `zone` is the time zone it was planned in. Changes planned together share their `batch`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a planned change", "Planned")
        DONE = "done", pgettext_lazy("state of a planned change", "Done")
        FAILED = "failed", pgettext_lazy("state of a planned change", "Failed")
        CANCELED = "canceled", pgettext_lazy("state of a planned change", "Canceled")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Put on sale")
        DRAFT = "draft", _("Take off sale")

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="planned_changes")
    due_at = models.DateTimeField(_("when"))
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    status = models.CharField(_("state of the product"), max_length=10, choices=Status.choices, blank=True)
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    prices = models.JSONField(_("prices"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    batch = models.UUIDField(_("planned together"))
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("planned by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    planned_by_label = models.CharField(_("planned by"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    problem = models.TextField(_("what stood in the way"), blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="catalog_plannedchange_due"),
            models.Index(fields=["product", "due_at"], name="catalog_plannedchange_of"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "due_at"], condition=Q(state="waiting"), name="catalog_plannedchange_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="catalog_plannedchange_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="catalog_plannedchange_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(status="", texts={}, prices=[]), name="catalog_plannedchange_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.due_at:%Y-%m-%d %H:%M}"
