"""Which import rule speaks of a line, and whether the line is within it. Pure.

Thresholds compare on their own basis (an item, the consignment, its tax) and in their own currency; a number of one
country is never used for another.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import Money, from_minor, round_half_up, to_minor
from markets.duty.exchange import in_currency
from markets.duty.restrictions import destinations_of
from markets.duty.types import DutyFacts, LowValueFact
from markets.landed.types import LandedFacts, Parcel, ParcelLine

ROLES = ("sale", "relief")
PER_ITEM = frozenset({"item", "item_customs_value_with_consignment_override"})
TAX_AMOUNT = "import_tax_amount_of_consignment"


@dataclass(frozen=True)
class Consignment:
    """The parcel's goods and freight without tax that is collected at the sale, in minor units."""

    net_by_key: dict[str, int]
    freight: int
    tax: int
    """The tax it would bear at import."""

    @property
    def goods(self) -> int:
        return sum(self.net_by_key.values())


@dataclass(frozen=True)
class Ruling:
    """A rule that speaks of a line, and on which side of its threshold the line lies."""

    rule: LowValueFact
    is_within: bool
    compared: Money
    is_sale: bool
    """Whether the seller holds the registration that lets it collect under the rule."""

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.rule.params)

    @property
    def scheme(self) -> str:
        return self.rule.scheme if self.is_within else str(self.rule.params.get("beyond", "import"))

    @property
    def relief(self) -> frozenset[str]:
        return frozenset(self.rule.params.get("relief", ())) if self.is_within else frozenset()


def rules_of(country: str, parcel: Parcel, facts: DutyFacts) -> tuple[LowValueFact, ...]:
    """Every import rule of the destination that holds on the day and for the place the parcel starts from."""
    names = destinations_of(country, facts)
    return tuple(
        rule
        for rule in facts.low_value
        if rule.destination in names
        and rule.holds_on(parcel.on)
        and (not rule.params.get("starts_in") or parcel.ship_from in rule.params["starts_in"])
    )


def ruling_for(
    line: ParcelLine, parcel: Parcel, consignment: Consignment, facts: LandedFacts, country: str, held: frozenset[str]
) -> Ruling | None:
    """The rule that speaks of a line: one the seller is registered for, else one that relieves, else none."""
    known = [rule for rule in rules_of(country, parcel, facts.duty) if rule.params.get("role") in ROLES]
    open_to_line = [rule for rule in known if not _is_excluded(line, rule)]
    ranked = sorted(open_to_line, key=lambda rule: _rank(rule, held, parcel), reverse=True)
    for rule in ranked[:1]:
        return _ruling(line, parcel, consignment, facts.duty, rule, is_sale=_is_held(rule, held))
    return None


def fallback_scheme(line: ParcelLine, parcel: Parcel, facts: LandedFacts, country: str) -> str:
    """What the import is called when no rule is open to the line."""
    for rule in rules_of(country, parcel, facts.duty):
        if rule.params.get("beyond"):
            return str(rule.params["beyond"])
    return "import"


def param(rules: tuple[LowValueFact, ...], name: str, default: Any = None) -> Any:
    """The first value of a number among a destination's rules; those for the parcel's start speak first."""
    for rule in sorted(rules, key=lambda one: not one.params.get("starts_in")):
        if name in rule.params and rule.params.get("role") not in ("fee", "note", "layer"):
            return rule.params[name]
    return default


def _rank(rule: LowValueFact, held: frozenset[str], parcel: Parcel) -> tuple[bool, bool, bool, str]:
    is_sale = _is_held(rule, held) and parcel.declaration != "standard"
    return is_sale, bool(rule.params.get("starts_in")), rule.params.get("role") == "relief", rule.code


def _is_held(rule: LowValueFact, held: frozenset[str]) -> bool:
    return rule.params.get("role") == "sale" and bool(held & frozenset(rule.params.get("registration", ())))


def _is_excluded(line: ParcelLine, rule: LowValueFact) -> bool:
    closed = frozenset(rule.params.get("excluded", ()))
    return line.tax_category in closed or bool(line.flags & closed)


def _ruling(
    line: ParcelLine, parcel: Parcel, consignment: Consignment, facts: DutyFacts, rule: LowValueFact, *, is_sale: bool
) -> Ruling:
    threshold = rule.threshold
    amounts = [from_minor(minor, parcel.market.currency) for minor in _amounts(line, consignment, rule)]
    if threshold is None:
        return Ruling(rule=rule, is_within=True, compared=amounts[0], is_sale=is_sale)
    compared = [in_currency(one, threshold.currency.code, on=parcel.on, facts=facts) for one in amounts]
    is_within = all(_holds(one.amount, rule.operator, threshold.amount) for one in compared)
    return Ruling(rule=rule, is_within=is_within, compared=max(compared, key=lambda one: one.amount), is_sale=is_sale)


def _amounts(line: ParcelLine, consignment: Consignment, rule: LowValueFact) -> list[int]:
    """What the rule compares, in minor units. An item rule with an override compares the consignment as well."""
    if rule.basis == TAX_AMOUNT:
        return [consignment.tax]
    if rule.basis in PER_ITEM:
        piece = _per_piece(consignment.net_by_key[line.key], line.quantity)
        return [piece, consignment.goods] if rule.basis.endswith("override") else [piece]
    return [consignment.goods + (consignment.freight if rule.includes_freight else 0)]


def _per_piece(minor: int, quantity: int) -> int:
    """The dearest piece of a line, in whole minor units."""
    return -(-minor // quantity)


def _holds(amount: Decimal, operator: str, limit: Decimal) -> bool:
    if operator == "<":
        return amount < limit
    return amount > limit if operator == ">" else amount <= limit


def at_rate(minor: int, rate: Decimal, currency: str) -> int:
    """Tax of an amount at a rate, in minor units."""
    return to_minor(round_half_up(from_minor(minor, currency).amount * rate, currency))
