"""Changes of many rows at once: what was asked, what every row held before, and what was taken back."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions


class BulkRun(TimeStamped, Transitions):
    """One operation on a fixed set of rows. The set is frozen when the run is opened, so that a row that leaves the
    filter by being changed is still of the run, and a run that was interrupted goes on with the same rows."""

    class Target(models.TextChoices):
        PRODUCT = "product", _("Products")
        VARIANT = "variant", _("Variants")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        STARTED = "started", _("applied")
        UNDONE = "undone", _("taken back")

    transitions: ClassVar = {"state": {"draft": {"started"}, "started": {"undone"}}}

    target = models.CharField(_("kind of rows"), max_length=10, choices=Target.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    object_ids = ArrayField(models.BigIntegerField(), verbose_name=_("rows"))
    total = models.PositiveIntegerField(_("number of rows"))
    origin = models.CharField(_("how they were chosen"), max_length=500, blank=True)
    field = models.CharField(_("field"), max_length=120, blank=True)
    operation = models.CharField(_("operation"), max_length=20, blank=True)
    arguments = models.JSONField(_("details"), default=dict, blank=True)
    trial = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undo_job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of many rows")
        verbose_name_plural = _("changes of many rows")
        ordering = ["-pk"]
        permissions = [("change_in_bulk", _("Can change many products at once"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(field="") & ~Q(operation="")),
                name="catalog_bulkrun_started_says_what",
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="catalog_bulkrun_has_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.field} {self.operation}"


class BulkChange(models.Model):
    """What one row held before a run and what the run wrote. Never altered; the proof behind taking it back."""

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="changes")
    object_id = models.BigIntegerField(_("row"))
    label = models.CharField(_("name"), max_length=200)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("changed row")
        verbose_name_plural = _("changed rows")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "object_id"], name="catalog_bulkchange_once")]
        indexes = [models.Index(fields=["run", "id"], name="catalog_bulkchange_of_run")]
        triggers = [
            pgtrigger.Protect(name="bulkchange_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.label}"


class BulkRestore(models.Model):
    """What taking a change back came to. `found` is what the row held when it was looked at."""

    class Outcome(models.TextChoices):
        RESTORED = "restored", _("restored")
        KEPT = "kept", _("changed by somebody since, left alone")
        REFUSED = "refused", _("refused")

    change = models.OneToOneField(BulkChange, on_delete=models.PROTECT, related_name="restore")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    found = models.JSONField(_("found"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("row taken back")
        verbose_name_plural = _("rows taken back")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="bulkrestore_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.outcome}"
