"""The words of the shop for what happens to a parcel, whatever its carrier calls it."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class Canonical(models.TextChoices):
    """Every status there is. A code nobody knows is `unknown`; it is kept and shown, never dropped."""

    LABEL_CREATED = "label_created", pgettext_lazy("tracking", "Label made")
    INFO_RECEIVED = "info_received", pgettext_lazy("tracking", "Announced to the carrier")
    PICKED_UP = "picked_up", pgettext_lazy("tracking", "Taken over by the carrier")
    IN_TRANSIT = "in_transit", pgettext_lazy("tracking", "On its way")
    EXPORT_DEPARTED = "export_departed", pgettext_lazy("tracking", "Left the country of departure")
    ARRIVED = "arrived_destination_country", pgettext_lazy("tracking", "Arrived in the country of destination")
    CUSTOMS = "customs_in_progress", pgettext_lazy("tracking", "In customs")
    CUSTOMS_ASKS = "customs_action_required", pgettext_lazy("tracking", "Customs asks for something")
    CUSTOMS_RELEASED = "customs_released", pgettext_lazy("tracking", "Released by customs")
    OUT_FOR_DELIVERY = "out_for_delivery", pgettext_lazy("tracking", "Out for delivery")
    PICKUP = "available_for_pickup", pgettext_lazy("tracking", "Ready to be collected")
    DELIVERY_FAILED = "delivery_failed", pgettext_lazy("tracking", "Delivery failed")
    DELIVERED = "delivered", pgettext_lazy("tracking", "Delivered")
    DELAYED = "delayed", pgettext_lazy("tracking", "Delayed")
    DAMAGED = "damaged", pgettext_lazy("tracking", "Damaged")
    LOST = "lost", pgettext_lazy("tracking", "Lost")
    REFUSED = "refused", pgettext_lazy("tracking", "Refused")
    RETURNING = "returning", pgettext_lazy("tracking", "On its way back")
    RETURNED = "returned", pgettext_lazy("tracking", "Returned to the sender")
    DESTROYED = "destroyed", pgettext_lazy("tracking", "Destroyed")
    CANCELLED = "cancelled", pgettext_lazy("tracking", "Canceled")
    EXPIRED = "expired", pgettext_lazy("tracking", "No longer followed by the carrier")
    UNKNOWN = "unknown", pgettext_lazy("tracking", "Unknown to us")


TERMINAL = frozenset(
    {Canonical.DELIVERED, Canonical.RETURNED, Canonical.DESTROYED, Canonical.LOST, Canonical.CANCELLED}
)
"""After these nothing follows, save that what was lost or canceled arrives after all."""

MAY_STILL_END = frozenset({Canonical.LOST, Canonical.CANCELLED})
"""Ends that another end may replace: a lost parcel is found, a canceled one was sent."""

SILENT = frozenset({Canonical.UNKNOWN})
"""What is kept and moves nothing."""

GROUPS: Mapping[str, str] = {
    Canonical.LABEL_CREATED: "preparing",
    Canonical.INFO_RECEIVED: "preparing",
    Canonical.PICKED_UP: "on_the_way",
    Canonical.IN_TRANSIT: "on_the_way",
    Canonical.EXPORT_DEPARTED: "on_the_way",
    Canonical.ARRIVED: "on_the_way",
    Canonical.CUSTOMS_RELEASED: "on_the_way",
    Canonical.CUSTOMS: "customs",
    Canonical.CUSTOMS_ASKS: "customs",
    Canonical.OUT_FOR_DELIVERY: "delivery",
    Canonical.PICKUP: "delivery",
    Canonical.DELIVERED: "delivered",
    Canonical.DELIVERY_FAILED: "problem",
    Canonical.DELAYED: "problem",
    Canonical.DAMAGED: "problem",
    Canonical.LOST: "problem",
    Canonical.REFUSED: "problem",
    Canonical.RETURNING: "problem",
    Canonical.RETURNED: "problem",
    Canonical.DESTROYED: "problem",
    Canonical.CANCELLED: "problem",
    Canonical.EXPIRED: "problem",
    Canonical.UNKNOWN: "problem",
}
"""What shoppers are told it is, of the reference table."""
