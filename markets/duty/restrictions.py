"""What may not be sent somewhere. Pure."""

from collections.abc import Iterable
from datetime import date

from markets.duty.types import EU, DutyFacts, RestrictionRow


def destinations_of(country: str, facts: DutyFacts) -> tuple[str, ...]:
    """The names under which rows may speak of a destination: itself, and the EU for its members."""
    return (country, EU) if country in facts.eu else (country,)


def restrictions_on(
    *, country: str, hs_code: str, flags: Iterable[str], on: date, facts: DutyFacts
) -> tuple[RestrictionRow, ...]:
    """The rows that speak of these goods there on the day. A row with prefix and flag needs both."""
    names, worn = destinations_of(country, facts), frozenset(flags)
    digits = digits_of(hs_code)
    return tuple(
        row
        for row in facts.restrictions
        if row.destination in names
        and row.holds_on(on)
        and (not row.flag or row.flag in worn)
        and (not row.hs_prefix or (bool(digits) and digits.startswith(row.hs_prefix)))
        and (row.flag or row.hs_prefix)
    )


def digits_of(hs_code: str) -> str:
    """A code as digits alone: `6109.10` is `610910`."""
    return hs_code.replace(".", "").replace(" ", "")
