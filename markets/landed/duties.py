"""The duty of a parcel, line by line and layer by layer, zeros with their reason. Pure.

What is owed is decided in this order: no customs border; relief below a threshold; an amount per goods code; the
destination's own way of working it out; the tariff's layers; the destination's usual percentage. When none of these
is known the engine refuses: duty is never taken as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.money import Money, allocate, from_minor, round_half_up, to_minor
from markets.duty.errors import BorderFactMissing, DutyRateNotFound, ImportLimitPassed, YearLimitPassed
from markets.duty.exchange import in_currency
from markets.duty.layers import SIX, TARIFF, checked_code, checked_origin, layers_for, per_code_rows, take
from markets.duty.types import DutyRow, LowValueFact
from markets.duty.valuation import Valued, basis_of, customs_values
from markets.landed.schemes import Way
from markets.landed.thresholds import param, rules_of
from markets.landed.types import DutyLine, LandedFacts, Parcel, ParcelLine, Treatment

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Valuation:
    """The net goods of every line and the parcel's net freight, in minor units, and what customs makes of them."""

    goods: Mapping[str, int]
    freight: int
    customs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Duties:
    """What was found. `missing` names the facts that would be needed; then there are no lines."""

    lines: tuple[DutyLine, ...] = ()
    customs: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def of(self, key: str) -> int:
        """The duty of one line, in minor units."""
        return sum(to_minor(line.amount) for line in self.lines if line.key == key)


@dataclass(frozen=True)
class _Case:
    """A parcel at the border."""

    parcel: Parcel
    way: Way
    treatments: Mapping[str, Treatment]
    customs: Mapping[str, int]
    goods: Mapping[str, int]
    rules: tuple[LowValueFact, ...]
    facts: LandedFacts

    @property
    def country(self) -> str:
        return self.way.place.country

    @property
    def currency(self) -> str:
        return self.parcel.market.currency

    def money(self, minor: int) -> Money:
        return from_minor(minor, self.currency)

    def local(self, amount: Money) -> Money:
        """An amount of a rule in the parcel's currency."""
        return in_currency(amount, self.currency, on=self.parcel.on, facts=self.facts.duty)


def duties_of(
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    values: Valuation,
    facts: LandedFacts,
    *,
    tells: bool,
) -> Duties:
    """The duty of a parcel. With `tells`, a missing fact is named in the answer; otherwise it is raised."""
    goods = [line for line in parcel.lines if line.supply == "goods"]
    if not way.crosses or not goods:
        return Duties(customs=values.goods)
    case = _case(parcel, way, treatments, values, facts, goods)
    try:
        lines = _lines(case, goods)
    except BorderFactMissing as refusal:
        if not tells:
            raise
        return Duties(customs=case.customs, missing=(refusal.code,))
    return Duties(lines=lines, customs=case.customs)


def _case(
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    values: Valuation,
    facts: LandedFacts,
    goods: Sequence[ParcelLine],
) -> _Case:
    rules = rules_of(way.place.country, parcel, facts.duty)
    factor = param(rules, "personal_import_factor") if parcel.is_personal_import else None
    stated = str(param(rules, "duty_basis", ""))
    basis = "fob" if factor else basis_of(way.place.country, stated, facts.duty)
    worth = [Valued(goods=_part(values.goods[line.key], factor, parcel), weight_g=line.weight_g) for line in goods]
    found = customs_values(worth, freight=values.freight, basis=basis, by=parcel.share_freight_by)
    return _Case(
        parcel=parcel,
        way=way,
        treatments=treatments,
        customs={line.key: value for line, value in zip(goods, found, strict=True)},
        goods=values.goods,
        rules=rules,
        facts=facts,
    )


def _part(minor: int, factor: Any, parcel: Parcel) -> int:
    if not factor:
        return minor
    whole = from_minor(minor, parcel.market.currency)
    return to_minor(round_half_up(whole.amount * Decimal(str(factor)), parcel.market.currency))


def _lines(case: _Case, goods: Sequence[ParcelLine]) -> tuple[DutyLine, ...]:
    found: list[DutyLine] = []
    flat: list[ParcelLine] = []
    for line in goods:
        treatment = case.treatments[line.key]
        _refuse_above_limits(treatment, case)
        if _is_relieved(line, treatment, case):
            found.append(_zero(line, treatment, case))
        elif _is_flat(treatment, case):
            flat.append(line)
        else:
            found.extend(_by_method(line, treatment, case))
    return (*found, *_flat(flat, case))


def _zero(line: ParcelLine, treatment: Treatment, case: _Case) -> DutyLine:
    return DutyLine(
        key=line.key,
        kind="mfn",
        name="",
        rate_percent=None,
        base=case.money(case.customs[line.key]),
        amount=case.money(0),
        reason="below_threshold",
        rule_id=treatment.rule.rule_id if treatment.rule else "",
    )


def _is_relieved(line: ParcelLine, treatment: Treatment, case: _Case) -> bool:
    if "duty" in treatment.relief:
        return True
    free_to = treatment.rule.params.get("duty_free_to") if treatment.rule else None
    if free_to is None or treatment.rule is None or treatment.rule.threshold is None:
        return False
    currency = treatment.rule.threshold.currency.code
    goods = in_currency(case.money(sum(case.goods.values())), currency, on=case.parcel.on, facts=case.facts.duty)
    return bool(goods.amount <= Decimal(str(free_to)))


def _is_flat(treatment: Treatment, case: _Case) -> bool:
    """Whether an amount per goods code is owed instead of the tariff."""
    if not treatment.is_within or case.parcel.declaration == "standard" or treatment.rule is None:
        return False
    has_rows = bool(per_code_rows(country=case.country, on=case.parcel.on, facts=case.facts.duty))
    return has_rows or "duty_flat" in treatment.rule.params


def _flat(lines: Sequence[ParcelLine], case: _Case) -> list[DutyLine]:
    """The amount per distinct code of six digits, shared by value over the lines of that code."""
    if not lines:
        return []
    rule = case.treatments[lines[0].key].rule
    rows = per_code_rows(country=case.country, on=case.parcel.on, facts=case.facts.duty)
    by_code: dict[str, list[ParcelLine]] = {}
    for line in lines:
        by_code.setdefault(checked_code(line.hs_code, key=line.key)[:SIX], []).append(line)
    found = []
    for code, here in by_code.items():
        for name, amount, rule_id in _flat_amounts(code, rows, rule):
            minor = to_minor(case.local(amount))
            shares = allocate(minor, [case.customs[line.key] for line in here])
            found += [
                DutyLine(
                    key=line.key,
                    kind="per_code",
                    name=name or code,
                    rate_percent=None,
                    base=case.money(case.customs[line.key]),
                    amount=case.money(share),
                    reason="per_code",
                    rule_id=rule_id,
                )
                for line, share in zip(here, shares, strict=True)
            ]
    return found


def _flat_amounts(code: str, rows: Sequence[DutyRow], rule: LowValueFact | None) -> list[tuple[str, Money, str]]:
    """Name, amount and rule of what one code owes: rows of the tariff where there are any, else the scheme's number."""
    matching = [row for row in rows if code.startswith(row.hs_prefix) and row.specific is not None]
    if matching:
        longest = max(len(row.hs_prefix) for row in matching)
        return [
            (row.name, row.specific, row.rule_id) for row in matching if len(row.hs_prefix) == longest and row.specific
        ]
    if rule is None or "duty_flat" not in rule.params:
        return []
    amount = Money(Decimal(str(rule.params["duty_flat"])), str(rule.params["duty_currency"]))
    return [("", amount, rule.rule_id)]


def _by_method(line: ParcelLine, treatment: Treatment, case: _Case) -> list[DutyLine]:
    method = treatment.rule.params.get("method") if treatment.rule else None
    if method == "single_rate":
        return [_single_rate(line, treatment, case)]
    if method == "two_steps":
        return [_two_steps(line, treatment, case)]
    return _by_tariff(line, treatment, case)


def _by_tariff(line: ParcelLine, treatment: Treatment, case: _Case) -> list[DutyLine]:
    code = checked_code(line.hs_code, key=line.key)
    origin = checked_origin(line.origin, key=line.key)
    rows = layers_for(
        country=case.country,
        hs_code=code,
        origin=origin,
        has_proof=line.has_origin_proof,
        on=case.parcel.on,
        facts=case.facts.duty,
    )
    found = [_layer(row, line, case) for row in rows]
    if not any(row.kind in TARIFF for row in rows):
        found.insert(0, _usual(line, code, treatment, case))
    return found


def _layer(row: DutyRow, line: ParcelLine, case: _Case) -> DutyLine:
    value = case.money(case.customs[line.key])
    specific = case.local(row.specific) if row.specific is not None else None
    amount = take(row, value=value, quantity=line.quantity, weight_g=line.weight_g, specific=specific)
    return DutyLine(
        key=line.key,
        kind=row.kind,
        name=row.name or row.kind,
        rate_percent=row.rate_percent,
        base=value,
        amount=amount,
        reason=row.kind,
        rule_id=row.rule_id,
        needs_proof=row.needs_proof,
    )


def _usual(line: ParcelLine, code: str, treatment: Treatment, case: _Case) -> DutyLine:
    """The percentage that the destination takes where no tariff row is known. Raises `DutyRateNotFound`."""
    percent = _usual_percent(code, treatment, case)
    if percent is None:
        raise DutyRateNotFound(key=line.key)
    return _percent_line(line, percent, case, rule_id=_rule_with(case, treatment))


def _usual_percent(code: str, treatment: Treatment, case: _Case) -> Decimal | None:
    groups = param(case.rules, "duty_groups", {})
    fitting = [prefix for prefix in groups if code.startswith(prefix)]
    if fitting:
        return Decimal(groups[max(fitting, key=len)])
    within = param(case.rules, "duty_percent_within") if treatment.is_within else None
    told = within if within is not None else param(case.rules, "duty_percent")
    return Decimal(str(told)) if told is not None else None


def _rule_with(case: _Case, treatment: Treatment) -> str:
    if treatment.rule is not None:
        return treatment.rule.rule_id
    return next((rule.rule_id for rule in case.rules if "duty_percent" in rule.params), "")


def _percent_line(
    line: ParcelLine, percent: Decimal, case: _Case, *, rule_id: str, less: Decimal = Decimal(0), kind: str = "mfn"
) -> DutyLine:
    value = case.money(case.customs[line.key])
    exact = max(value.amount * percent / HUNDRED - less, Decimal(0))
    return DutyLine(
        key=line.key,
        kind=kind,
        name=kind,
        rate_percent=percent,
        base=value,
        amount=round_half_up(exact, case.currency),
        reason=kind,
        rule_id=rule_id,
    )


def _single_rate(line: ParcelLine, treatment: Treatment, case: _Case) -> DutyLine:
    """One percentage for duty and tax together, by the value of the whole shipment (Mexico's courier procedure)."""
    rule = treatment.rule
    if rule is None or rule.threshold is None:
        raise DutyRateNotFound(key=line.key)
    params = rule.params
    percent = params.get("rate")
    if percent is None:
        value = in_currency(
            case.money(sum(case.customs.values())),
            rule.threshold.currency.code,
            on=case.parcel.on,
            facts=case.facts.duty,
        )
        percent = params["tier1"] if value.amount <= Decimal(params["tier1_to"]) else params["tier2"]
    elif not treatment.is_within:
        raise DutyRateNotFound(key=line.key)
    return _percent_line(line, Decimal(str(percent)), case, rule_id=rule.rule_id, kind="single_rate")


def _two_steps(line: ParcelLine, treatment: Treatment, case: _Case) -> DutyLine:
    """A low rate up to the threshold, a high one less a fixed amount above (Brazil). Uncertified sellers: the high one.

    Above the most that the procedure takes, duty is not known.
    """
    rule = treatment.rule
    if rule is None or rule.threshold is None:
        raise DutyRateNotFound(key=line.key)
    params, currency = rule.params, rule.threshold.currency.code
    total = sum(case.customs.values())
    worth = in_currency(case.money(total), currency, on=case.parcel.on, facts=case.facts.duty)
    if worth.amount > Decimal(str(params["max_usd"])):
        raise DutyRateNotFound(key=line.key)
    is_certified = any(one.scheme in params.get("registration", ()) for one in case.way.held)
    if is_certified and treatment.is_within:
        return _percent_line(line, Decimal(params["low_rate"]), case, rule_id=rule.rule_id, kind="import_tax")
    deduction = case.local(Money(Decimal(params["deduction_usd"]), currency)) if is_certified else case.money(0)
    shares = allocate(to_minor(deduction), list(case.customs.values()))
    less = case.money(shares[list(case.customs).index(line.key)]).amount
    return _percent_line(line, Decimal(params["high_rate"]), case, rule_id=rule.rule_id, less=less, kind="import_tax")


def _refuse_above_limits(treatment: Treatment, case: _Case) -> None:
    """The scheme admits so much per order and per year; one indivisible item may pass the first."""
    rule = treatment.rule
    if rule is None or treatment.compared is None or rule.params.get("method") != "composite":
        return
    if not treatment.is_within and not case.parcel.is_one_indivisible_item:
        raise ImportLimitPassed
    before, limit = case.parcel.buyer.spent_this_year, rule.params.get("annual_limit")
    if before is not None and limit is not None and (before + treatment.compared).amount > Decimal(str(limit)):
        raise YearLimitPassed
