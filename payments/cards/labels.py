"""What a kept card is called. Brands keep their name."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.models import SavedCard

BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def card_label(card: SavedCard) -> str:
    """The brand and the end of the number."""
    brand = BRANDS.get(card.brand)
    if brand is None:
        return _("Card ending %(digits)s") % {"digits": card.last_four}
    return _("%(brand)s ending %(digits)s") % {"brand": brand, "digits": card.last_four}


def expiry_sentence(card: SavedCard) -> str:
    """Until when it is good, as it is printed on cards: month and year in digits."""
    until = f"{card.expiry_month:02d}/{card.expiry_year}"
    if is_expired(card, timezone.now().date()):
        return _("Expired %(until)s.") % {"until": until}
    return _("Good until %(until)s.") % {"until": until}


def is_expired(card: SavedCard, today: date) -> bool:
    """A card is good until the end of its month. Pure."""
    return (card.expiry_year, card.expiry_month) < (today.year, today.month)
