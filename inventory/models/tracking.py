"""Numbers that are followed, and codes of carriers that nobody knows yet."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from inventory.models.carriers import CarrierAccount


class TrackedParcel(TimeStamped):
    """A tracking number and the parcel it belongs to. It is asked about until its parcel has ended."""

    class State(models.TextChoices):
        FOLLOWED = "followed", pgettext_lazy("tracking number", "Followed")
        ENDED = "ended", pgettext_lazy("tracking number", "Ended")

    parcel_ref = models.CharField(_("parcel"), max_length=40, db_index=True)
    tracking_no = models.CharField(_("tracking number"), max_length=80, db_index=True)
    carrier = models.CharField(_("carrier"), max_length=80)
    account = models.ForeignKey(
        CarrierAccount,
        verbose_name=_("carrier account"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who tells us about it; with nobody it is moved by hand."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FOLLOWED)
    origin = models.CharField(_("from"), max_length=2, blank=True)
    origin_city = models.CharField(max_length=100, blank=True)
    country = models.CharField(_("to"), max_length=2, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    registered_at = models.DateTimeField(_("announced to the tracker"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last heard of"), null=True, blank=True)
    next_poll_at = models.DateTimeField(_("asked about next"), default=timezone.now)
    failures = models.PositiveSmallIntegerField(_("failed questions"), default=0)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed parcel")
        verbose_name_plural = _("followed parcels")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "tracking_no"], name="tracked_parcel_number_once"),
            models.CheckConstraint(condition=~Q(tracking_no=""), name="tracked_parcel_has_a_number"),
        ]
        indexes = [
            models.Index(fields=["next_poll_at"], name="tracked_parcel_due", condition=Q(state="followed")),
        ]

    def __str__(self) -> str:
        return self.tracking_no


class UnknownCode(TimeStamped):
    """A code of a carrier that nobody could read. Teaching it is a row of the tracking table; then it is settled."""

    provider = models.CharField(_("provider"), max_length=40)
    level = models.CharField(_("level"), max_length=20)
    carrier_code = models.CharField(_("code"), max_length=80)
    sample = models.CharField(_("what it says"), max_length=300, blank=True)
    seen = models.PositiveIntegerField(_("seen"), default=1)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects: ClassVar[models.Manager["UnknownCode"]] = models.Manager()

    class Meta:
        verbose_name = _("unknown tracking code")
        verbose_name_plural = _("unknown tracking codes")
        ordering = ["-last_seen_at"]
        permissions = [("teach_unknowncode", _("Can say what codes of carriers mean"))]
        constraints = [
            models.UniqueConstraint(fields=["provider", "level", "carrier_code"], name="unknown_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.carrier_code}"
