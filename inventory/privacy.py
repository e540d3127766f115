"""What inventory holds about people: who wants to hear that something is back."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from core.privacy import Holding, Personal, Subject, register
from inventory.models import BackInStock, Supplier


def _wishes(subject: Subject) -> Q:
    found: Q = reduce(or_, (Q(email__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    return found


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The wishes."""
    rows = BackInStock.objects.filter(_wishes(subject)).order_by("pk")
    contacts = Supplier.objects.filter(_wishes(subject)).order_by("pk")
    return {
        "inventory.BackInStock": list(
            rows.values("email", "language", "created", "notified_at", sku=F("variant__sku"))
        ),
        "inventory.Supplier": list(contacts.values("name", "contact", "email", "phone", "postal_address")),
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The wishes go; a supplier's contact is blanked, the company stays."""
    with transaction.atomic():
        return {
            "inventory.BackInStock": BackInStock.objects.filter(_wishes(subject)).delete()[0],
            "inventory.Supplier": Supplier.objects.filter(_wishes(subject)).update(
                contact="", email="", phone="", postal_address=""
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
                model="inventory.StockMovement",
                fields=("actor",),
                purpose="Who moved stock.",
                fate="kept",
                reason="The ledger of stock is never altered; shoppers are in it by number only.",
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
