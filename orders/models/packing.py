"""Packing and handing over: what was scanned into a box, the closed box, and the list a carrier signs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.fulfillment import Fulfillment


class PackCount(models.Model):
    """How many pieces were scanned into the box of a parcel; `ref` is how stock knows the line or the component."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="pack_counts")
    ref = models.CharField(max_length=52)
    scanned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fulfillment", "ref"], name="orders_pack_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.scanned}"


class ParcelPacking(TimeStamped):
    """A closed box that waits for its carrier: how big and heavy it is, who packed it, which number it travels under.

    `unchecked_reason` is why not every piece was scanned; empty when each was.
    """

    fulfillment = models.OneToOneField(Fulfillment, on_delete=models.PROTECT, related_name="packing")
    carton = models.CharField(_("carton"), max_length=30, blank=True)
    weight_g = models.PositiveIntegerField(_("weight, g"))
    length_mm = models.PositiveIntegerField(_("length, mm"), default=0)
    width_mm = models.PositiveIntegerField(_("width, mm"), default=0)
    height_mm = models.PositiveIntegerField(_("height, mm"), default=0)
    unchecked_reason = models.CharField(_("not scanned, because"), max_length=200, blank=True)
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("packed by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    packed_at = models.DateTimeField(_("packed"))
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    carrier_service = models.CharField(_("service"), max_length=80, blank=True)
    tracking_no = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking page"), blank=True)
    labeled_at = models.DateTimeField(_("ready to leave"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("packed box")
        verbose_name_plural = _("packed boxes")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="orders_packing_weighs_something"),
            models.CheckConstraint(
                condition=Q(length_mm=0, width_mm=0, height_mm=0) | Q(length_mm__gt=0, width_mm__gt=0, height_mm__gt=0),
                name="orders_packing_measured_whole",
            ),
            models.CheckConstraint(
                condition=Q(labeled_at__isnull=True) | ~Q(carrier=""), name="orders_packing_leaves_with_somebody"
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_no"], condition=~Q(tracking_no=""), name="orders_packing_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fulfillment_id}: {self.weight_g} g"

    @property
    def dimensions_mm(self) -> list[int]:
        """Length, width and height; nothing for a box that was not measured."""
        return [self.length_mm, self.width_mm, self.height_mm] if self.length_mm else []


class HandoverState(models.TextChoices):
    """Where a hand-over stands."""

    OPEN = "open", pgettext_lazy("hand-over", "Not finished")
    CLOSED = "closed", pgettext_lazy("hand-over", "Handed over")


class Handover(Transitions, TimeStamped):
    """The parcels one carrier takes from one warehouse at a time, and the list its driver signs."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {HandoverState.OPEN: {HandoverState.CLOSED}, HandoverState.CLOSED: set()}
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    warehouse_code = models.CharField(_("warehouse"), max_length=40)
    warehouse_name = models.CharField(max_length=120)
    carrier = models.CharField(_("carrier"), max_length=80)
    day = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=HandoverState.choices, default=HandoverState.OPEN)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    carrier_number = models.CharField(_("number of the carrier"), max_length=80, blank=True)
    """What the carrier calls it, where it was announced."""

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ("-pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=HandoverState.values), name="orders_handover_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="orders_handover_closed_says_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["warehouse_code", "-day"], name="orders_handover_by_day"),
        ]

    def __str__(self) -> str:
        return self.number


class HandoverParcel(models.Model):
    """A parcel on such a list: it waits, has left, or was refused and stays (`refusal` says why)."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("parcel of a hand-over", "Waiting")
        LEFT = "left", pgettext_lazy("parcel of a hand-over", "Left")
        STAYED = "stayed", pgettext_lazy("parcel of a hand-over", "Stayed here")

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="parcels")
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="handovers")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tracking_no = models.CharField(_("tracking number"), max_length=80, blank=True)
    weight_g = models.PositiveIntegerField(_("weight, g"))
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("parcel of a hand-over")
        verbose_name_plural = _("parcels of hand-overs")
        ordering = ("handover", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handover", "position"], name="orders_handover_position_once"),
            models.UniqueConstraint(
                fields=["fulfillment"], condition=~Q(state="stayed"), name="orders_parcel_handed_over_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}/{self.position}"
