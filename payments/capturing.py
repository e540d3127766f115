"""Whether money is taken at once, or held first and taken when the goods leave."""

from django.conf import settings

HOLDABLE = frozenset({"card"})
"""Only cards are held reliably by every provider; everything else is taken at once."""


def held_methods() -> frozenset[str]:
    """The methods whose money is held first, as `PAYMENT_CAPTURE` says."""
    return HOLDABLE if settings.PAYMENT_CAPTURE == "manual" else frozenset()
