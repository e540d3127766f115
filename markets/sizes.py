"""Sizes of one system in another, by the rows of a table; and measures in the units of a market. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MM_PER_INCH = Decimal("25.4")
G_PER_OUNCE = Decimal("28.349523125")
G_PER_POUND = Decimal("453.59237")


class SizeUnknown(DomainError):
    """The table does not know this size, or this system. Nothing is guessed."""

    code = "SIZE_UNKNOWN"
    message = _("We do not know this size in the other system. The size guide shows how to measure.")


def convert_size(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, system: str, value: object, into: str
) -> str:
    """The size of another system on the same row; the first of several. Raises `SizeUnknown`."""
    if system not in columns or into not in columns:
        raise SizeUnknown
    wanted = str(value).strip().casefold()
    for row in rows:
        there = row.get(into)
        if str(row.get(system, "")).strip().casefold() == wanted and there not in (None, ""):
            return str(there)
    raise SizeUnknown


def millimetres_to_inches(value: Decimal) -> Decimal:
    """To a tenth of an inch, half up."""
    return (value / MM_PER_INCH).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def grams_to_pounds(value: Decimal) -> tuple[int, Decimal]:
    """Whole pounds, and the ounces beyond them to a tenth, half up; never 16 ounces."""
    pounds = int(value // G_PER_POUND)
    ounces = ((value - pounds * G_PER_POUND) / G_PER_OUNCE).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return (pounds + 1, Decimal("0.0")) if ounces >= 16 else (pounds, ounces)
