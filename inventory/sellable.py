"""What may still be sold of a stock row, as a database expression. The one place that says so."""

from typing import TypedDict

from django.db.models import F

SELLABLE = F("on_hand") - F("allocated") - F("reserved") - F("safety_stock") - F("blocked") + F("backorder_limit")


class Sellable(TypedDict):
    """The annotation that goes with it."""

    sellable: int
