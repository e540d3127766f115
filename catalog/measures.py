"""Lengths and weights in the units people of a market use: metric, or inches, ounces and pounds. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

US = "us"
"""The only system of the markets table that measures goods in inches and ounces; "mixed" means both are known."""
MM_PER_INCH = Decimal("25.4")
MM_PER_CM = Decimal(10)
GRAMS_PER_OUNCE = Decimal("28.349523125")
OUNCES_PER_POUND = 16
SIGN = " × "


def size_text(sides_mm: Sequence[int], units: str) -> str:
    """Outer dimensions: "29 × 15 × 20 cm", "11.4 × 5.9 × 7.9 in"."""
    if units == US:
        numbers = SIGN.join(shortened(Decimal(side) / MM_PER_INCH, "0.1") for side in sides_mm)
        # Translators: outer dimensions in inches such as "11.4 × 5.9 × 7.9 in".
        return _("%(numbers)s in") % {"numbers": numbers}
    numbers = SIGN.join(shortened(Decimal(side) / MM_PER_CM, "0.1") for side in sides_mm)
    # Translators: outer dimensions such as "29 × 15 × 20 cm".
    return _("%(numbers)s cm") % {"numbers": numbers}


def weight_text(grams: int, units: str = "metric") -> str:
    """640 g, 1.2 kg; 22.6 oz becomes 1.4 lb."""
    if units == US:
        ounces = Decimal(grams) / GRAMS_PER_OUNCE
        if ounces < OUNCES_PER_POUND:
            return _("%(number)s oz") % {"number": shortened(ounces, "0.1")}
        return _("%(number)s lb") % {"number": shortened(ounces / OUNCES_PER_POUND, "0.1")}
    if grams < 1000:
        return _("%(number)s g") % {"number": number_format(grams)}
    return _("%(number)s kg") % {"number": shortened(Decimal(grams) / 1000, "0.001")}


def shortened(number: Decimal, step: str) -> str:
    """A number rounded half up to a step, without needless zeros, as the reader writes it."""
    rounded = number.quantize(Decimal(step), rounding=ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    return number_format(rounded.quantize(Decimal(1)) if whole else rounded.normalize())
