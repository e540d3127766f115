"""What one checkout became: usually one order, several after a split."""

from django.conf import settings
from django.db import models

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class OrderGroup(TimeStamped):
    """All orders of one checkout. The checkout's id is unique: a second completion cannot make a second group."""

    number = models.CharField(max_length=32, unique=True)
    checkout = models.UUIDField(unique=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    market = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)

    objects = LockingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number
