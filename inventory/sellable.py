"""What may still be sold of a stock row, as a database expression. The one place that says so."""

from django.db.models import F

SELLABLE = F("on_hand") - F("allocated") - F("reserved") - F("safety_stock") + F("backorder_limit")
