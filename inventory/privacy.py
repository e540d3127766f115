"""What inventory holds about people: who wants to hear that something is back, and where parcels go."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from core.privacy import Holding, Personal, Subject, register, rows_of
from inventory.actions.labels import blank_label
from inventory.models import BackInStock, LabelRecord, ParcelPush, Supplier, TrackedParcel


def _of_orders(subject: Subject) -> dict[str, list[str]]:
    return {"order_ref__in": sorted(subject.orders)}


def _wishes(subject: Subject) -> Q:
    found: Q = reduce(or_, (Q(email__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    return found


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The wishes."""
    rows = BackInStock.objects.filter(_wishes(subject)).order_by("pk")
    labels = LabelRecord.objects.filter(**_of_orders(subject))
    contacts = Supplier.objects.filter(_wishes(subject)).order_by("pk")
    return {
        "inventory.BackInStock": list(
            rows.values("email", "language", "created", "notified_at", sku=F("variant__sku"))
        ),
        "inventory.LabelRecord": rows_of(labels, "order_ref", "carrier", "tracking_no", "bought_at"),
        "inventory.ParcelPush": rows_of(ParcelPush.objects.filter(**_of_orders(subject)), "order_ref", "content"),
        "inventory.Supplier": list(contacts.values("name", "contact", "email", "phone", "postal_address")),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The wishes go; labels lose their file, parcels on their way the place they went to, suppliers their contact."""
    labels = list(LabelRecord.objects.filter(**_of_orders(subject)))
    refs = [label.parcel_ref for label in labels]
    pushes = ParcelPush.objects.filter(**_of_orders(subject))
    refs += list(pushes.values_list("parcel_ref", flat=True))
    with transaction.atomic():
        contacts = Supplier.objects.filter(_wishes(subject))
        return {
            "inventory.BackInStock": BackInStock.objects.filter(_wishes(subject)).delete()[0],
            "inventory.LabelRecord": sum(blank_label(label) for label in labels),
            "inventory.ParcelPush": pushes.update(content={}),
            "inventory.Supplier": contacts.update(contact="", email="", phone="", postal_address=""),
            "inventory.TrackedParcel": TrackedParcel.objects.filter(parcel_ref__in=refs).update(
                city="", postal_code=""
            ),
        }


register(
    Holding(
        app="inventory",
        personal=(
            Personal(
                model="inventory.BackInStock",
                fields=("email",),
                purpose="To write once when an item is back.",
                fate="deleted",
            ),
            Personal(
                model="inventory.AlertRoute",
                fields=("user",),
                purpose="Which operator hears of which stock alerts.",
                fate="kept",
                reason="A route belongs to the work; it is changed when somebody leaves.",
            ),
            Personal(
                model="inventory.AlertTold",
                fields=("user",),
                purpose="So that no operator hears of the same alert twice.",
                fate="kept",
                reason="Only operators are in it; it goes 90 days after the alert was closed.",
            ),
            Personal(
                model="inventory.StockTakeLine",
                fields=("counted_by", "approved_by"),
                purpose="Who counted stock, and who agreed to a large difference.",
                fate="kept",
                reason="Counts are part of the books; only operators are in them.",
            ),
            Personal(
                model="inventory.CarrierMessage",
                fields=("payload",),
                purpose="What carriers tell of parcels, until it was worked on.",
                fate="kept",
                reason="Carriers name receivers now and then; every message is deleted two months after it came.",
            ),
            Personal(
                model="inventory.LabelRecord",
                fields=("file",),
                purpose="To print the address on the parcel.",
                fate="blanked",
            ),
            Personal(
                model="inventory.ParcelPush",
                fields=("content",),
                purpose="To have another warehouse send the parcel.",
                fate="blanked",
            ),
            Personal(
                model="inventory.TrackedParcel",
                fields=("city", "postal_code"),
                purpose="Some carriers tell only whoever knows the postal code.",
                fate="blanked",
            ),
            Personal(
                model="inventory.StockMovement",
                fields=("actor",),
                purpose="Who moved stock.",
                fate="kept",
                reason="The ledger of stock is never altered; shoppers are in it by number only.",
            ),
            Personal(
                model="inventory.AllocationDecision",
                fields=("actor",),
                purpose="Who overruled from where an order leaves.",
                fate="kept",
                reason="Decisions are never altered; they hold no address, and shoppers by order number only.",
            ),
            Personal(
                model="inventory.Supplier",
                fields=("contact", "email", "phone", "postal_address"),
                purpose="To order from a company and to send it what is ordered.",
                fate="blanked",
            ),
            Personal(
                model="inventory.PurchaseReceipt",
                fields=("actor",),
                purpose="Who booked a delivery.",
                fate="kept",
                reason="It proves what was received, and names operators only.",
            ),
            Personal(
                model="inventory.ReplenishmentProposal",
                fields=("decided_by",),
                purpose="Who decided what to buy.",
                fate="kept",
                reason="It proves who ordered, and names operators only.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
