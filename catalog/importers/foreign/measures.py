"""Weights and lengths in any usual unit, converted exactly. What cannot be read raises `ValueError` with a sentence."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from catalog.importers.cells import number

GRAMS = {
    "g": Decimal(1),
    "mg": Decimal("0.001"),
    "kg": Decimal(1000),
    "t": Decimal(1_000_000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
MILLIMETRES = {
    "mm": Decimal(1),
    "cm": Decimal(10),
    "m": Decimal(1000),
    "in": Decimal("25.4"),
    "ft": Decimal("304.8"),
    "yd": Decimal("914.4"),
}
ALIASES = {
    "lbs": "lb", "pound": "lb", "pounds": "lb", "ounce": "oz", "ounces": "oz", "kgs": "kg", "kilogram": "kg",
    "kilograms": "kg", "gram": "g", "grams": "g", "gr": "g", "inch": "in", "inches": "in", '"': "in", "foot": "ft",
    "feet": "ft", "yard": "yd", "yards": "yd", "centimeter": "cm", "centimetre": "cm", "millimeter": "mm",
    "millimetre": "mm", "meter": "m", "metre": "m",
}  # fmt: skip
KNOWN_UNITS = GRAMS.keys() | MILLIMETRES.keys()
HEAVIEST_G = Decimal(1_000_000)
LONGEST_MM = Decimal(100_000)


def unit_of(word: str) -> str:
    """The short name of a unit: `lbs` is `lb`. A word that is no unit comes back in lower case."""
    plain = word.strip().lower().rstrip(".")
    return ALIASES.get(plain, plain)


def without_unit(title: str) -> str:
    """The title without a unit in brackets: `weight (kg)` is `weight`; other brackets stay."""
    return re.sub(r"\s*\([^()]+\)$", "", title) if unit_in(title) in KNOWN_UNITS else title


def unit_in(title: str) -> str:
    """The unit a column title carries in brackets: `Weight (lbs)` is `lb`; empty when there is none."""
    found = re.search(r"\(([^()]+)\)\s*$", title)
    return unit_of(found[1]) if found else ""


def home_weight(currency: str) -> str:
    """The unit a shop weighs in when its file does not say: systems name none, and export what their settings hold."""
    return "lb" if currency == "USD" else "kg"


def home_length(currency: str) -> str:
    """The same for lengths."""
    return "in" if currency == "USD" else "cm"


def grams(text: str, unit: str) -> int:
    """A weight in whole grams, rounded half up; an empty cell is 0."""
    wrong = _("“%(text)s” is not a weight.") % {"text": text}
    value = _measured(text, unit, GRAMS, wrong) if text else Decimal(0)
    if not 0 <= value <= HEAVIEST_G:
        raise ValueError(wrong)
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def millimetres(text: str, unit: str) -> int | None:
    """A length in whole millimetres, rounded half up; an empty cell or 0 says nothing."""
    wrong = _("“%(text)s” is not a length.") % {"text": text}
    value = _measured(text, unit, MILLIMETRES, wrong) if text else Decimal(0)
    if not 0 <= value <= LONGEST_MM:
        raise ValueError(wrong)
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP)) or None


def _measured(text: str, unit: str, factors: dict[str, Decimal], wrong: str) -> Decimal:
    """`12.5 kg` names its own unit; a bare number is in `unit`."""
    found = re.fullmatch(r"([-\d.,\s\xa0]+?)\s*([^\d\s.,]+\.?)?", text.strip())
    value = number(found[1]) if found else None
    factor = factors.get(unit_of(found[2]) if found and found[2] else unit_of(unit))
    if value is None or factor is None:
        raise ValueError(wrong)
    return value * factor
