"""Which duty rows speak of goods, and what each takes. Pure.

Layers are owed together: one of the tariff (or of a preference with its proof), and every surcharge and anti-dumping
duty that holds on the day. Within a layer the longest code wins, then the most specific origin.
"""

from datetime import date
from decimal import Decimal

from core.money import Money, round_half_up
from markets.duty.errors import HsCodeLength, HsCodeMissing, OriginMissing
from markets.duty.restrictions import destinations_of, digits_of
from markets.duty.types import DutyFacts, DutyRow

HUNDRED = Decimal(100)
GRAMS = Decimal(1000)
SIX = 6
TARIFF = frozenset({"mfn", "preference"})


def checked_code(hs_code: str, *, key: str = "") -> str:
    """The digits of a code. Raises `HsCodeMissing` and, below six digits, `HsCodeLength`."""
    digits = digits_of(hs_code)
    if not digits:
        raise HsCodeMissing(key=key)
    if len(digits) < SIX or not digits.isdigit():
        raise HsCodeLength(key=key)
    return digits


def checked_origin(origin: str, *, key: str = "") -> str:
    """The country of origin. Raises `OriginMissing`."""
    if not origin:
        raise OriginMissing(key=key)
    return origin.upper()


def layers_for(
    *, country: str, hs_code: str, origin: str, has_proof: bool, on: date, facts: DutyFacts
) -> tuple[DutyRow, ...]:
    """The rows owed together, the tariff first. Empty when no row speaks of the goods."""
    names = destinations_of(country, facts)
    found: dict[tuple[str, str], DutyRow] = {}
    prefixes = [hs_code[:length] for length in range(len(hs_code) + 1)]
    near = (row for name in names for prefix in prefixes for row in facts.rows_by_code.get((name, prefix), ()))
    for row in near:
        if not row.holds_on(on) or not _is_origin(row, origin, facts) or (row.needs_proof and not has_proof):
            continue
        layer = (row.kind, row.name if row.kind not in TARIFF else "")
        if layer not in found or _closeness(row, country) > _closeness(found[layer], country):
            found[layer] = row
    return _in_order(found)


def per_code_rows(*, country: str, on: date, facts: DutyFacts) -> tuple[DutyRow, ...]:
    """Amounts owed once for every distinct code of a parcel."""
    names = destinations_of(country, facts)
    return tuple(row for row in facts.rows_per_code if row.destination in names and row.holds_on(on))


def take(row: DutyRow, *, value: Money, quantity: int, weight_g: int, specific: Money | None) -> Money:
    """What a row takes of a customs value: percent and the specific amount (in the value's currency), one rounding."""
    currency = value.currency.code
    exact = value.amount * (row.rate_percent or Decimal(0)) / HUNDRED
    if specific is not None:
        exact += specific.amount * _units(row, quantity, weight_g)
    return round_half_up(exact, currency)


def _units(row: DutyRow, quantity: int, weight_g: int) -> Decimal:
    if row.specific_unit == "kg":
        return Decimal(weight_g) / GRAMS
    return Decimal(quantity) if row.specific_unit == "piece" else Decimal(1)


def _in_order(found: dict[tuple[str, str], DutyRow]) -> tuple[DutyRow, ...]:
    """A preference stands in for the tariff where it takes less."""
    rows = dict(found)
    usual, preferred = rows.pop(("mfn", ""), None), rows.pop(("preference", ""), None)
    first = preferred if preferred is not None and _is_less(preferred, usual) else usual
    rest = tuple(rows[layer] for layer in sorted(rows))
    return (first, *rest) if first is not None else rest


def _is_less(preferred: DutyRow, usual: DutyRow | None) -> bool:
    return usual is None or (preferred.rate_percent or 0) <= (usual.rate_percent or 0)


def _is_origin(row: DutyRow, origin: str, facts: DutyFacts) -> bool:
    return not row.origin or row.origin == origin or origin in facts.origin_groups.get(row.origin, frozenset())


def _closeness(row: DutyRow, country: str) -> tuple[int, int, bool, str]:
    """How closely a row speaks of the goods: the code, then the origin, then the destination itself."""
    origin = 0 if not row.origin else 2 if len(row.origin) == len(country) else 1
    return len(row.hs_prefix), origin, row.destination == country, row.rule_id
