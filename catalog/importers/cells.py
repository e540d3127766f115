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
    number = _number(text)
    if number is None or number < 0 or number > HIGHEST_PRICE:
        raise ValueError(_("“%(text)s” is not a price. Write it like 19.99.") % {"text": text})
    amount = Money(number, currency)
    try:
        to_minor(amount)
    except AmountPrecision:
        raise ValueError(
            _("“%(text)s” has more decimals than %(currency)s has (%(digits)d).")
            % {"text": text, "currency": currency, "digits": exponent(currency)}
        ) from None
    return amount


def _number(text: str) -> Decimal | None:
    plain = text.replace("\xa0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def grams(text: str) -> int:
    """A weight in grams; an empty cell is 0."""
    if not text:
        return 0
    number = _number(text)
    if number is None or not 0 <= number <= HEAVIEST_G:
        raise ValueError(_("“%(text)s” is not a weight in grams.") % {"text": text})
    return round(number)


def quantity(text: str) -> int | None:
    """A number of pieces; an empty cell says nothing, a negative one means none are there."""
    if not text:
        return None
    number = _number(text)
    if number is None or number != int(number) or number > MOST_PIECES:
        raise ValueError(_("“%(text)s” is not a number of pieces.") % {"text": text})
    return max(int(number), 0)


def gtin(text: str) -> str:
    """The barcode when it is a sound EAN or UPC, nothing otherwise: shops write all sorts of things there."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if digits.isdecimal() and len(digits) in (8, 12, 13, 14) and ean.is_valid(digits) else ""


def hs_code(text: str) -> str | None:
    """A tariff code of 6 to 13 digits."""
    digits = re.sub(r"[\s.]", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d{6,13}", digits):
        raise ValueError(_("“%(text)s” is not a tariff code: it has 6 to 13 digits.") % {"text": text})
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
    number = _number(amount) if amount else None
    if not number or number <= 0 or unit.lower() not in UNITS:
        return None
    return (number * 10 if unit.lower() == "cl" else number), UNITS[unit.lower()]
