"""Work on many orders at once: what is to be done, and what became of each order."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.models import Job
from core.transitions import Transitions
from orders.models.order import Order


class BulkDeed(models.TextChoices):
    """What is done to each order."""

    TAG = "tag", pgettext_lazy("done to many orders", "Put a tag on")
    UNTAG = "untag", pgettext_lazy("done to many orders", "Take a tag off")
    PACK = "pack", pgettext_lazy("done to many orders", "Create parcels")
    SHIP = "ship", pgettext_lazy("done to many orders", "Hand packed parcels to the carrier")


class BulkOutcome(models.TextChoices):
    """What became of one order."""

    WAITING = "waiting", pgettext_lazy("outcome for an order", "Not yet")
    DONE = "done", pgettext_lazy("outcome for an order", "Done")
    UNCHANGED = "unchanged", pgettext_lazy("outcome for an order", "Nothing to do")
    REFUSED = "refused", pgettext_lazy("outcome for an order", "Refused")
    UNDONE = "undone", pgettext_lazy("outcome for an order", "Taken back")


class OrderBulkRun(Transitions, TimeStamped):
    """One piece of work on many orders. Which orders is settled when it is drafted; nothing is done before `job`."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("work on many orders", "Not started")
        STARTED = "started", pgettext_lazy("work on many orders", "Started")
        UNDONE = "undone", pgettext_lazy("work on many orders", "Taken back")

    transitions: ClassVar = {"state": {"draft": {"started"}, "started": {"undone"}, "undone": set()}}

    deed = models.CharField(max_length=8, choices=BulkDeed.choices)
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    total = models.PositiveIntegerField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undo_job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("work on many orders")
        verbose_name_plural = _("work on many orders")
        ordering = ("-pk",)
        permissions = [("tag_order", _("Can put tags on orders")), ("export_orders", _("Can export orders"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(deed__in=BulkDeed.values), name="orders_bulk_deed_known"),
            models.CheckConstraint(condition=Q(total__gt=0), name="orders_bulk_has_orders"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(job__isnull=False),
                name="orders_bulk_started_has_job",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.deed} × {self.total}"


class OrderBulkItem(models.Model):
    """One order of a run. Its outcome is written in the transaction that does the deed, so a run that dies half-way
    goes on behind it and does nothing twice."""

    run = models.ForeignKey(OrderBulkRun, on_delete=models.CASCADE, related_name="items")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=BulkOutcome.choices, default=BulkOutcome.WAITING)
    sentence = models.TextField(blank=True)
    """Why it was refused, in the language of whoever started the run."""
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "order"], name="orders_bulk_item_once"),
            models.UniqueConstraint(fields=["run", "position"], name="orders_bulk_item_place"),
            models.CheckConstraint(condition=Q(outcome__in=BulkOutcome.values), name="orders_bulk_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(sentence=""), name="orders_bulk_refusal_says_why"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["run", "outcome", "position"], name="orders_bulk_item_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.position}: {self.outcome}"
