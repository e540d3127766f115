"""Rows of the outbox, see `core.outbox`."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One consequence of one event: a handler that still has to run, or has run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        DEAD = "dead", _("given up")

    event_id = models.UUIDField()
    event = models.CharField(_("event"), max_length=100)
    handler = models.CharField(_("handler"), max_length=200)
    payload = models.JSONField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    created = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        constraints = [
            models.UniqueConstraint(fields=["event_id", "handler"], name="outbox_once_per_handler"),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.handler}"
