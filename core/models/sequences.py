"""Counters behind gap-free numbers."""

from django.db import models

from core.locks import LockingQuerySet


class Sequence(models.Model):
    """The last number taken in a series."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    objects = LockingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
