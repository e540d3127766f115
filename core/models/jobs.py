"""Long work that a person starts and watches, see `core.jobs`."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions


def private_files() -> Storage:
    """Where files lie that no address leads to: what operators hand in is nobody else's business."""
    return storages["private"]


class Job(TimeStamped, Transitions):
    """One piece of long work: its progress, what it found wrong, and where it would go on after a kill."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("not started")
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")

    transitions: ClassVar = {
        "state": {
            "prepared": {"queued", "canceled"},
            "queued": {"running", "canceled", "failed"},
            "running": {"done", "failed", "canceled", "queued"},
            "failed": {"queued"},
            "canceled": {"queued"},
        }
    }

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    params = models.JSONField(default=dict)
    file = models.FileField(_("file"), upload_to="jobs/%Y/%m/", storage=private_files, blank=True)
    progress = models.PositiveIntegerField(_("progress"), default=0)
    total = models.PositiveIntegerField(_("total"), null=True)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(_("result"), default=dict)
    wants_cancel = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    runner = models.CharField(max_length=36, blank=True, editable=False)
    failure = models.TextField(_("failure"), blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; nothing while the total is unknown."""
        return None if not self.total else min(100, self.progress * 100 // self.total)


class JobItem(models.Model):
    """What became of one piece of a job's input. `changes` are rows of where, field, old and new."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(_("number"))
    outcome = models.CharField(_("outcome"), max_length=10)
    title = models.CharField(_("title"), max_length=200, blank=True)
    lines = ArrayField(models.PositiveIntegerField(), verbose_name=pgettext_lazy("of a file", "lines"), default=list)
    changes = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("outcome of a piece")
        verbose_name_plural = _("outcomes of pieces")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="job_item_once")]
        indexes = [models.Index(fields=["job", "outcome", "number"], name="job_item_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class JobError(models.Model):
    """One thing wrong with one row of a job's input."""

    class Level(models.TextChoices):
        REFUSED = "refused", _("refused")
        NOTE = "note", _("note")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="errors")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.REFUSED)
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=100, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)
    message = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("row error")
        verbose_name_plural = _("row errors")
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["job", "line"], name="job_error_by_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.message}"
