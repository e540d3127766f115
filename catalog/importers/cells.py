"""Single cells: numbers, weights, codes. A cell that cannot be read raises `ValueError` with the sentence to show."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from stdnum import ean

from core.money import AmountPrecision, Money, exponent, to_minor

HIGHEST_PRICE = Decimal("100000000")
HEAVIEST_G = 1_000_000
MOST_PIECES = 10_000_000
UNITS = {"ml": "ml", "cl": "ml", "l": "l", "g": "g", "kg": "kg", "m": "m"}


def price(currency: str) -> Callable[[str], Money]:
    """Reads an amount in `currency` that has to be there."""

    def read(text: str) -> Money:
        if not text:
            raise ValueError(_("The price is missing."))
        return _amount(text, currency)

    return read


def optional_price(currency: str) -> Callable[[str], Money | None]:
    """Reads an amount in `currency`, or nothing."""

    def read(text: str) -> Money | None:
        return _amount(text, currency) if text else None

    return read


def _amount(text: str, currency: str) -> Money:
    found = number(text)
    if found is None or found < 0 or found > HIGHEST_PRICE:
        raise ValueError(_("“%(text)s” is not a price. Write it like 19.99.") % {"text": text})
    amount = Money(found, currency)
    try:
        to_minor(amount)
    except AmountPrecision:
        raise ValueError(
            _("“%(text)s” has more decimals than %(currency)s has (%(digits)d).")
            % {"text": text, "currency": currency, "digits": exponent(currency)}
        ) from None
    return amount


def number(text: str) -> Decimal | None:
    """`1,234.50`, `1.234,50`, `12,5` and `.5` alike; nothing for words, `NaN` and infinities."""
    plain = re.sub(r"[\s\xa0\u202f']", "", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d*,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def grams(text: str) -> int:
    """A weight in grams; an empty cell is 0."""
    if not text:
        return 0
    found = number(text)
    if found is None or not 0 <= found <= HEAVIEST_G:
        raise ValueError(_("“%(text)s” is not a weight in grams.") % {"text": text})
    return round(found)


def quantity(text: str) -> int | None:
    """A number of pieces; an empty cell says nothing, a negative one means none are there."""
    if not text:
        return None
    found = number(text)
    if found is None or found != int(found) or found > MOST_PIECES:
        raise ValueError(_("“%(text)s” is not a number of pieces.") % {"text": text})
    return max(int(found), 0)


def gtin(text: str) -> str:
    """The barcode when it is a sound EAN or UPC, nothing otherwise: shops write all sorts of things there."""
    digits = re.sub(r"[\s-]", "", text)
    is_sound = digits.isdecimal() and len(digits) in (8, 12, 13, 14) and digits.strip("0") and ean.is_valid(digits)
    return digits if is_sound else ""


def hs_code(text: str) -> str | None:
    """A goods code of 6 to 13 digits."""
    digits = re.sub(r"[\s.]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d{6,13}", digits):
        raise ValueError(_("“%(text)s” is not a goods code: it has 6 to 13 digits.") % {"text": text})
    return digits


def country(text: str) -> str | None:
    """A country by its two letters."""
    if not text:
        return None
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValueError(_("“%(text)s” is not a country code of two letters.") % {"text": text})
    return text.upper()


def content(amount: str, unit: str) -> tuple[Decimal, str] | None:
    """A net content for unit prices, or nothing when it is not given in a unit we compare by."""
    found = number(amount) if amount else None
    if not found or found <= 0 or unit.lower() not in UNITS:
        return None
    return (found * 10 if unit.lower() == "cl" else found), UNITS[unit.lower()]
