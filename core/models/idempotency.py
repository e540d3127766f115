"""Keys of requests that may arrive twice, see `core.idempotency`."""

from django.db import models

from core.locks import LockingQuerySet


class IdempotencyKey(models.Model):
    """One request that changes something, its fingerprint and, when finished, its answer."""

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress"
        DONE = "done"

    scope = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    response = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once_per_scope")]
        indexes = [models.Index(fields=["created"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.scope}:{self.key}"
