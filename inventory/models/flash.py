"""The quota of a flash sale, cut into buckets so that no single row is what everybody waits for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.locks import LockingQuerySet


class FlashBucket(models.Model):
    """One part of the quota of one flash item. Flash sales live above this app, so the item is a reference."""

    flash_item = models.CharField(_("flash item"), max_length=50)
    shard = models.PositiveSmallIntegerField(_("part"))
    remaining = models.PositiveIntegerField(_("left"))

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a flash quota")
        verbose_name_plural = _("parts of flash quotas")
        constraints = [
            models.UniqueConstraint(fields=["flash_item", "shard"], name="flash_bucket_once"),
            models.CheckConstraint(condition=Q(remaining__gte=0), name="flash_bucket_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.flash_item}/{self.shard}: {self.remaining}"
