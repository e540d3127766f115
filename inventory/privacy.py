"""What inventory holds about people: who wants to hear that something is back."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q

from core.privacy import Holding, Personal, Subject, register
from inventory.models import BackInStock


def _wishes(subject: Subject) -> Q:
    found: Q = reduce(or_, (Q(email__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    return found


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The wishes."""
    rows = BackInStock.objects.filter(_wishes(subject)).order_by("pk")
    return {
        "inventory.BackInStock": list(rows.values("email", "language", "created", "notified_at", sku=F("variant__sku")))
    }


def erase(subject: Subject) -> Mapping[str, int]:
    """The wishes go."""
    return {"inventory.BackInStock": BackInStock.objects.filter(_wishes(subject)).delete()[0]}


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
        ),
        export=export,
        erase=erase,
    )
)
