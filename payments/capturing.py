"""Whether money is taken at once, or held first and taken when the goods leave."""

from django.conf import settings

HOLDABLE = frozenset({"card"})
"""Only cards are held reliably by every provider; a provider says itself what else it can hold."""


def is_captured_by_hand() -> bool:
    """Whether the shop takes money later, where it can be held until then."""
    return bool(settings.PAYMENT_CAPTURE == "manual")


def held_methods() -> frozenset[str]:
    """The methods whose money is held first, as `PAYMENT_CAPTURE` says."""
    return HOLDABLE if is_captured_by_hand() else frozenset()
