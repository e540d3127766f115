"""What checkouts hold about people: what was typed before an order existed."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from checkout.entry import opened
from checkout.models import Checkout
from core.privacy import Holding, Personal, Subject, register, rows_of


def _theirs(subject: Subject) -> Q:
    """By account, by address, and by the orders that checkouts became."""
    found: Q = reduce(or_, (Q(email__iexact=email) for email in sorted(subject.emails)), Q(pk__in=[]))
    found |= Q(order_number__in=sorted(subject.orders))
    return found | Q(user_id=subject.user_id) if subject.user_id is not None else found


def export(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What was typed, sealed parts opened."""
    fields = ("email", "addresses", "market", "state", "created")
    rows = rows_of(Checkout.objects.filter(_theirs(subject)), *fields)
    return {"checkout.Checkout": [{**row, "addresses": opened(row["addresses"])} for row in rows]}


def erase(subject: Subject) -> Mapping[str, int]:
    """The checkout stays as the key of its order; what was typed goes."""
    return {"checkout.Checkout": Checkout.objects.filter(_theirs(subject)).update(email="", addresses={})}


register(
    Holding(
        app="checkout",
        personal=(
            Personal(
                model="checkout.Checkout",
                fields=("user", "email", "addresses"),
                purpose="What a shopper has typed, kept while the checkout is open.",
                fate="blanked",
                reason="The row is the key under which at most one order exists.",
            ),
        ),
        export=export,
        erase=erase,
    )
)
