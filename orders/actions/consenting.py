"""Consent to downloads that begin before the right of withdrawal has run out."""

from orders.actions.trail import write_event
from orders.models import DigitalConsent, Order


def give_consent(order: Order, *, text: str, place: str) -> None:
    """Keep the sentence the customer agreed to, once per order. The caller holds the order's lock."""
    consent, made = DigitalConsent.objects.get_or_create(
        order=order, defaults={"text": text, "language": order.language, "place": place}
    )
    if made:
        write_event(order, "download.consent", to_customer=True, place=consent.place)
