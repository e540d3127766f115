"""Rate sheets of carriers as they come as CSV: read into rows, with every line that cannot be read named. Pure.

Columns: `service_code, service_name, zone_label, country_codes, min_weight, max_weight, max_length, max_width,
max_height, rate, currency, transit_days, domicile, international` and `weight_unit` (KG, G, LB, OZ), `dimension_unit`
(CM, MM, IN). Bands begin where the one before ends: the lower end does not belong to a band, the upper one does.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from itertools import pairwise

from django.utils.translation import gettext as _

from core.money import Money, exponent
from inventory.errors import SheetUnreadable

GRAMS: Mapping[str, Decimal] = {
    "G": Decimal(1),
    "KG": Decimal(1000),
    "LB": Decimal("453.59237"),
    "OZ": Decimal("28.349523125"),
}
MILLIMETRES: Mapping[str, Decimal] = {"MM": Decimal(1), "CM": Decimal(10), "IN": Decimal("25.4")}
NEEDED = ("service_code", "rate", "currency")
HEAVIEST_G = 2_000_000
"""What a sheet without weights is taken to carry: it says nothing of a limit."""
MOST_ROWS = 20_000
_DAYS = re.compile(r"\s*(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?\s*")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One line of a sheet. Sides are sorted, the longest first; None where there is no limit."""

    service: str
    service_name: str
    zone: str
    countries: tuple[str, ...]
    is_domestic: bool
    is_international: bool
    above_g: int
    up_to_g: int
    sides_mm: tuple[int | None, int | None, int | None]
    amount: Money
    days: tuple[int | None, int | None]


def read_sheet(content: str) -> tuple[SheetRow, ...]:
    """Every rate of a sheet. Raises `SheetUnreadable` with every line that cannot be read, or when it has no rates."""
    reader = csv.DictReader(io.StringIO(content.lstrip("\ufeff"), newline=""))
    lacking = [name for name in NEEDED if name not in (reader.fieldnames or [])]
    if lacking:
        raise SheetUnreadable((_("columns are missing: %(names)s") % {"names": ", ".join(lacking)},))
    found: list[SheetRow] = []
    problems: list[str] = []
    for number, line in enumerate(reader, start=2):
        if number > MOST_ROWS:
            raise SheetUnreadable((_("more than %(count)d lines") % {"count": MOST_ROWS},))
        try:
            found.append(_row({name: (value or "").strip() for name, value in line.items() if isinstance(name, str)}))
        except (ValueError, InvalidOperation, KeyError) as trouble:
            problems.append(_("line %(number)d: %(trouble)s") % {"number": number, "trouble": str(trouble)[:80]})
    if problems or not found:
        raise SheetUnreadable(tuple(problems) or (_("there are no rates in it"),))
    return tuple(found)


def overlaps(rows: tuple[SheetRow, ...]) -> Iterator[tuple[SheetRow, SheetRow]]:
    """Pairs of bands of one service and zone that share weights: the cheaper one counts there."""
    by_key: dict[tuple[str, str, tuple[str, ...], bool], list[SheetRow]] = {}
    for row in rows:
        by_key.setdefault((row.service, row.zone, row.countries, row.is_domestic), []).append(row)
    for same in by_key.values():
        ordered = sorted(same, key=lambda row: (row.above_g, row.up_to_g))
        yield from ((first, second) for first, second in pairwise(ordered) if second.above_g < first.up_to_g)


def _row(line: Mapping[str, str]) -> SheetRow:
    service = line["service_code"]
    if not service:
        raise ValueError(_("the service has no code"))
    weigh = GRAMS[(line.get("weight_unit") or "KG").upper()]
    measure = MILLIMETRES[(line.get("dimension_unit") or "CM").upper()]
    above = _grams(line.get("min_weight", ""), weigh, at_least=0)
    up_to = _grams(line.get("max_weight", ""), weigh, at_least=HEAVIEST_G)
    if up_to <= above:
        raise ValueError(_("the band ends before it begins"))
    lengths = [_length(line.get(name, ""), measure) for name in ("max_length", "max_width", "max_height")]
    known = sorted((one for one in lengths if one is not None), reverse=True)
    longest, middle, shortest = [*known, None, None, None][:3]
    return SheetRow(
        service=service[:80],
        service_name=(line.get("service_name") or service)[:120],
        zone=line.get("zone_label", "")[:120],
        countries=_countries(line.get("country_codes", "")),
        is_domestic=_says(line.get("domicile", ""), otherwise=True),
        is_international=_says(line.get("international", ""), otherwise=True),
        above_g=above,
        up_to_g=up_to,
        sides_mm=(longest, middle, shortest),
        amount=_amount(line["rate"], line["currency"]),
        days=_days(line.get("transit_days", "")),
    )


def _grams(written: str, unit: Decimal, *, at_least: int) -> int:
    """Whole grams; sheets begin their first band at 10 g, which means from nothing on."""
    if not written:
        return at_least
    grams = (Decimal(written) * unit).to_integral_value(ROUND_FLOOR)
    if not 0 <= grams <= 10**9:
        raise ValueError(_("the weight is not one"))
    return 0 if grams <= 10 else int(grams)


def _length(written: str, unit: Decimal) -> int | None:
    if not written:
        return None
    found = (Decimal(written) * unit).to_integral_value(ROUND_CEILING)
    if not 0 < found <= 10**7:
        raise ValueError(_("the length is not one"))
    return int(found)


def _amount(written: str, currency: str) -> Money:
    amount = Decimal(written)
    code = currency.upper()
    if not amount.is_finite() or amount < 0 or amount >= 10**12:
        raise ValueError(_("the rate is not an amount"))
    if amount != amount.quantize(Decimal(1).scaleb(-exponent(code))):
        raise ValueError(_("the rate has more digits than its currency"))
    return Money(amount, code)


def _countries(written: str) -> tuple[str, ...]:
    found = [code.strip().upper() for code in re.split(r"[,;\s]+", written) if code.strip()]
    wrong = [code for code in found if not _COUNTRY.fullmatch(code)]
    if wrong:
        raise ValueError(_("%(code)s is no code of a country") % {"code": wrong[0]})
    return tuple(dict.fromkeys(found))


def _says(written: str, *, otherwise: bool) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(
        written.lower(), otherwise
    )


def _days(written: str) -> tuple[int | None, int | None]:
    found = _DAYS.fullmatch(written)
    if found is None:
        return None, None
    least = int(found[1])
    return least, max(least, int(found[2] or least))
