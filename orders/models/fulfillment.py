"""Parcels: what leaves which warehouse, with whom, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from inventory.carriers.canonical import Canonical
from orders.models.line import OrderLine
from orders.models.order import Order


class ParcelState(models.TextChoices):
    """Where a fulfilment stands."""

    PLANNED = "planned", pgettext_lazy("parcel", "Planned")
    PICKING = "picking", pgettext_lazy("parcel", "Being picked")
    PACKED = "packed", pgettext_lazy("parcel", "Packed")
    HANDED_OVER = "handed_over", pgettext_lazy("parcel", "Handed to the carrier")
    IN_TRANSIT = "in_transit", pgettext_lazy("parcel", "On its way")
    CUSTOMS = "customs", pgettext_lazy("parcel", "At customs")
    OUT_FOR_DELIVERY = "out_for_delivery", pgettext_lazy("parcel", "Out for delivery")
    DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered")
    EXCEPTION = "exception", pgettext_lazy("parcel", "Delayed")
    LOST = "lost", pgettext_lazy("parcel", "Lost")
    RETURNED_TO_SENDER = "returned_to_sender", pgettext_lazy("parcel", "Returned to the sender")
    CANCELED = "canceled", pgettext_lazy("parcel", "Canceled")


INSIDE = frozenset({ParcelState.PLANNED, ParcelState.PICKING, ParcelState.PACKED})
"""States of goods that are still in the warehouse."""

_ON_THE_WAY = frozenset(
    {
        ParcelState.IN_TRANSIT,
        ParcelState.CUSTOMS,
        ParcelState.OUT_FOR_DELIVERY,
        ParcelState.DELIVERED,
        ParcelState.EXCEPTION,
        ParcelState.LOST,
        ParcelState.RETURNED_TO_SENDER,
    }
)


class Fulfillment(Transitions, TimeStamped):
    """One parcel plan of one warehouse. Carriers report in any order, so all states on the way reach each other."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {
            ParcelState.PLANNED: {
                ParcelState.PICKING,
                ParcelState.PACKED,
                ParcelState.HANDED_OVER,
                ParcelState.CANCELED,
            },
            ParcelState.PICKING: {
                ParcelState.PLANNED,
                ParcelState.PACKED,
                ParcelState.HANDED_OVER,
                ParcelState.CANCELED,
            },
            ParcelState.PACKED: {ParcelState.PICKING, ParcelState.HANDED_OVER, ParcelState.CANCELED},
            ParcelState.HANDED_OVER: _ON_THE_WAY,
            **{
                state: _ON_THE_WAY - {state}
                for state in sorted(_ON_THE_WAY - {ParcelState.DELIVERED, ParcelState.RETURNED_TO_SENDER})
            },
            ParcelState.DELIVERED: set(),
            ParcelState.RETURNED_TO_SENDER: set(),
            ParcelState.CANCELED: set(),
        }
    }

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfillments")
    position = models.PositiveSmallIntegerField()
    warehouse_code = models.CharField(max_length=40)
    warehouse_name = models.CharField(max_length=120)
    city = models.CharField(max_length=100, blank=True)
    ships_from = models.CharField(max_length=2)
    state = models.CharField(max_length=20, choices=ParcelState.choices, default=ParcelState.PLANNED)
    carrier = models.CharField(max_length=80, blank=True)
    carrier_service = models.CharField(max_length=80, blank=True)
    eta_from = models.DateField(null=True, blank=True)
    eta_to = models.DateField(null=True, blank=True)
    not_before = models.DateField(null=True, blank=True)
    label_ref = models.CharField(max_length=200, blank=True)
    cost = money_field(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ("order", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_fulfillment_position_once"),
            models.CheckConstraint(condition=Q(state__in=ParcelState.values), name="orders_fulfillment_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}-{self.position}"

    @property
    def has_left(self) -> bool:
        """Whether the goods are out of the warehouse."""
        return self.state not in INSIDE and self.state != ParcelState.CANCELED


class FulfillmentLine(models.Model):
    """How many units of an order line are in a parcel."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="fulfillment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["fulfillment", "order_line"], name="orders_fulfillment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_fulfillment_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} x {self.quantity}"


class Package(TimeStamped):
    """A box with a tracking number."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="packages")
    carrier = models.CharField(max_length=80)
    tracking_no = models.CharField(max_length=80)
    tracking_url = models.URLField(blank=True)
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    dimensions_mm = models.JSONField(default=list, blank=True)
    status = models.CharField(
        max_length=30, choices=Canonical.choices, default=Canonical.LABEL_CREATED, db_default=Canonical.LABEL_CREATED
    )
    """What the carrier's events come to; the parcel's own state follows from it."""
    status_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    """When its carrier last said anything new."""
    eta = models.DateField(null=True, blank=True)
    """The day on which the carrier expects to deliver; the promise stays with the parcel."""
    told_eta = models.DateField(null=True, blank=True)
    """What its customer was last told; none as long as the promise stands."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_no"],
                condition=~Q(tracking_no=""),
                name="orders_package_tracking_number_once",
            ),
            models.CheckConstraint(condition=Q(status__in=Canonical.values), name="orders_package_status_known"),
        ]

    def __str__(self) -> str:
        return self.tracking_no


class TrackingEvent(models.Model):
    """Something a carrier said, in our vocabulary (`code`) and in theirs. Told twice, kept once."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="events")
    code = models.CharField(max_length=20, choices=ParcelState.choices)
    canonical = models.CharField(max_length=30, choices=Canonical.choices, blank=True, default="", db_default="")
    """What exactly it was; empty for what was told before this was kept."""
    carrier_code = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    raw = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-occurred_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["package", "carrier_code", "occurred_at"], name="orders_tracking_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_code} {self.occurred_at:%Y-%m-%d %H:%M}"
