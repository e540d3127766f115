"""What orders do about parcels on their way. Wired in `config/reactions.py`."""

from inventory.actions.following import follow_parcel, stop_following
from inventory.carriers.types import Followed
from inventory.events import ParcelLeftElsewhere, ParcelRefusedElsewhere, ParcelTracked
from orders.actions.elsewhere import call_back, hand_to_warehouses, left_elsewhere, refused_elsewhere
from orders.actions.tracking import record_reports
from orders.events import (
    FulfillmentDelivered,
    FulfillmentShipped,
    HoldResolved,
    OrderCanceled,
    OrderChanged,
    OrderConfirmed,
    ParcelEtaMoved,
    ParcelInTrouble,
)
from orders.logistics import notifications
from orders.models import Fulfillment, Package


def follow_shipped(event: FulfillmentShipped) -> None:
    """After: whoever can tell about the number is asked from now on."""
    parcel = Fulfillment.objects.select_related("order").get(pk=event.fulfillment_id)
    ship = parcel.order.addresses.get("ship", {})
    parts = ship.get("parts", {})
    for package in parcel.packages.exclude(tracking_no=""):
        follow_parcel(
            parcel_ref=str(parcel.pk),
            followed=Followed(
                number=package.tracking_no,
                carrier=package.carrier,
                origin=parcel.ships_from,
                origin_city=parcel.city,
                country=parcel.order.country,
                city=str(parts.get("city", "")),
                postcode=str(parts.get("postal_code", "")),
                sent_at=parcel.shipped_at,
            ),
        )


def stop_delivered(event: FulfillmentDelivered) -> None:
    """After: what has arrived is not asked about any more."""
    stop_following(parcel_ref=str(event.fulfillment_id))


def record_tracked(event: ParcelTracked) -> None:
    """Inside: what a carrier said is kept with the parcel. A parcel that is gone, or of no order, hears nothing."""
    if not event.parcel_ref.isdigit():
        return
    rows = Package.objects.filter(fulfillment_id=int(event.parcel_ref)).exclude(tracking_no="")
    mine = [row for row in rows if "".join(row.tracking_no.split()).upper() == event.tracking_no]
    if mine:
        record_reports(package_id=mine[-1].pk, events=event.events, eta=event.eta)


def send_left(event: ParcelLeftElsewhere) -> None:
    """After: the parcel is shipped here as well, with its stock."""
    left_elsewhere(
        parcel_ref=event.parcel_ref,
        carrier=event.carrier,
        tracking_no=event.tracking_no,
        tracking_url=event.tracking_url,
    )


def note_refused(event: ParcelRefusedElsewhere) -> None:
    """After: somebody finds another way."""
    refused_elsewhere(parcel_ref=event.parcel_ref, reason=event.reason, said=event.said)


def hand_confirmed(event: OrderConfirmed) -> None:
    """After: other warehouses hear of what they pack."""
    hand_to_warehouses(number=event.number)


def hand_released(event: HoldResolved) -> None:
    """After: nothing stops it any more."""
    hand_to_warehouses(number=event.number)


def follow_change(event: OrderChanged) -> None:
    """After: parcels that are gone are called back, new ones sent over."""
    call_back(number=event.number)
    hand_to_warehouses(number=event.number)


def call_back_canceled(event: OrderCanceled) -> None:
    """After: nobody packs what nobody wants."""
    call_back(number=event.number)


def tell_eta_moved(event: ParcelEtaMoved) -> None:
    """After: the customer plans another day."""
    notifications.tell_eta(number=event.number, fulfillment_id=event.fulfillment_id, day=event.day)


def tell_trouble(event: ParcelInTrouble) -> None:
    """After: the customer is told when being there would end it; other troubles are told by the parcel's own steps."""
    notifications.tell_waits(exception_id=event.exception_id)
