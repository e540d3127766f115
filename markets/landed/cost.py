"""The one entry point: what a parcel costs at the door. Pure, read top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from core.money import Money, from_minor, sum_money, to_minor
from markets.duty.errors import DestinationProhibited, LicenseNeeded, PrepaymentNotOffered, QuantityRange
from markets.duty.exchange import in_currency
from markets.duty.fees import fee_amount, fees_for
from markets.duty.restrictions import restrictions_on
from markets.landed.duties import Duties, Valuation, duties_of
from markets.landed.schemes import Way, treatments_of
from markets.landed.taxing import DUTY, FEES, border_taxes, collected_now, taxes_now
from markets.landed.thresholds import param, rules_of
from markets.landed.types import FeeLine, LandedCost, LandedFacts, Parcel, ParcelLine, Treatment
from markets.tax.types import SHIPPING, TaxLine

SIX = 6
ONLY_AT_BORDER = frozenset({"national_and_local", "composite"})


@dataclass(frozen=True, kw_only=True)
class _Border:
    """What falls due at the border."""

    duties: Duties
    fees: tuple[FeeLine, ...]
    taxes: tuple[TaxLine, ...]
    values: Valuation


def landed_cost(parcel: Parcel, facts: LandedFacts, *, tells: bool = False) -> LandedCost:
    """Tax, duty and fees of one planned parcel, with who pays them when, and the rules that say so.

    A fact that is missing is refused, never taken as zero: `HsCodeMissing`, `HsCodeLength`, `OriginMissing`,
    `DutyRateNotFound` (with `tells`, these are named in `missing` instead), `TaxRateNotFound`, `TaxRateAmbiguous`,
    `TerritoryBlocked`, `DestinationProhibited`, `LicenseNeeded`, `IossNotAllowed`, `StandardDeclarationRequired`,
    `ImportLimitPassed`, `PrepaymentNotOffered`, `ExchangeRateMissing`, `ExchangeRateStale`, `QuantityRange`,
    `AmountPrecision`, and `ValueError` for amounts below zero.
    """
    _check(parcel)
    asked, parcel = parcel, replace(parcel, lines=tuple(sorted(parcel.lines, key=_rank)))
    way, treatments = treatments_of(parcel, facts)
    _refuse_prohibited(parcel, way, facts)
    before = taxes_now(parcel, way, treatments, facts)
    border = _border(parcel, way, treatments, facts, _net_values(before, parcel), tells=tells)
    after = _with_extras(parcel, way, treatments, facts, border) if parcel.payer == "buyer_now" else before
    return _as_asked(_answer(parcel, way, treatments, border, after), asked)


def _rank(line: ParcelLine) -> tuple[object, ...]:
    """An order of lines that does not depend on how they were put down, so that no cent does."""
    what = (line.hs_code, line.origin, line.tax_category, line.supply)
    return (*what, to_minor(line.amount), line.quantity, line.weight_g, line.has_origin_proof, line.key)


def _as_asked(found: LandedCost, asked: Parcel) -> LandedCost:
    """The answer with its lines in the order of the question: goods, delivery, duty, fees."""
    places = {line.key: place for place, line in enumerate(asked.lines)}

    def place(tax: TaxLine) -> tuple[int, int]:
        if tax.key.startswith(DUTY):
            return 2, places[tax.key.removeprefix(DUTY)]
        return {SHIPPING: (1, 0), FEES: (3, 0)}.get(tax.key) or (0, places[tax.key])

    return replace(
        found,
        tax_lines=tuple(sorted(found.tax_lines, key=place)),
        border_tax_lines=tuple(sorted(found.border_tax_lines, key=place)),
        duty_lines=tuple(sorted(found.duty_lines, key=lambda line: places[line.key])),
        treatments={line.key: found.treatments[line.key] for line in asked.lines},
    )


def _check(parcel: Parcel) -> None:
    if not parcel.lines or to_minor(parcel.shipping) < 0 or any(to_minor(line.amount) < 0 for line in parcel.lines):
        raise ValueError("a parcel has at least one line, and no amount below zero")
    if any(line.quantity < 1 for line in parcel.lines):
        raise QuantityRange


def _refuse_prohibited(parcel: Parcel, way: Way, facts: LandedFacts) -> None:
    for line in parcel.lines:
        for row in restrictions_on(
            country=way.place.country, hs_code=line.hs_code, flags=line.flags, on=parcel.on, facts=facts.duty
        ):
            if row.effect == "block":
                raise DestinationProhibited(key=line.key, rule_id=row.rule_id, note=row.note)
            if row.effect == "license" and f"license:{row.flag or row.hs_prefix}" not in line.flags:
                raise LicenseNeeded(key=line.key, rule_id=row.rule_id, note=row.note)


def _net_values(taxes: tuple[TaxLine, ...], parcel: Parcel) -> Valuation:
    """Goods and freight without the tax that is in them."""
    goods = {line.key: 0 for line in parcel.lines}
    for tax in taxes:
        if tax.key in goods:
            goods[tax.key] += to_minor(tax.base)
    freight = sum(to_minor(tax.base) for tax in taxes if tax.key == SHIPPING)
    insurance = to_minor(parcel.insurance) if parcel.insurance is not None else 0
    return Valuation(goods=goods, freight=freight + insurance)


def _border(
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    facts: LandedFacts,
    values: Valuation,
    *,
    tells: bool,
) -> _Border:
    duties = duties_of(parcel, way, treatments, values, facts, tells=tells)
    found: tuple[TaxLine, ...] = ()
    _refuse_prepaid(parcel, way, treatments, facts)
    if not duties.missing:
        found = border_taxes(parcel, way, treatments, facts, values, duties)
    charges = sum(to_minor(line.amount) for line in duties.lines) + sum(to_minor(tax.amount) for tax in found)
    fees = _fees(parcel, way, treatments, facts, charges) if way.crosses and not duties.missing else ()
    return _Border(duties=duties, fees=fees, taxes=found, values=values)


def _refuse_prepaid(parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], facts: LandedFacts) -> None:
    """Some countries work out the import tax of the whole parcel in a way that cannot be collected line by line."""
    method = param(rules_of(way.place.country, parcel, facts.duty), "method", "")
    at_border = any(one.collector == "importer" for one in treatments.values())
    if parcel.payer == "buyer_now" and at_border and method in ONLY_AT_BORDER:
        raise PrepaymentNotOffered


def _fees(
    parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], facts: LandedFacts, charges: int
) -> tuple[FeeLine, ...]:
    currency = parcel.market.currency

    def local(amount: Money) -> Money:
        return in_currency(amount, currency, on=parcel.on, facts=facts.duty)

    rows = fees_for(
        country=way.place.country,
        carrier_service=parcel.carrier_service,
        incoterm="dap" if parcel.payer == "buyer_later" else "ddp",
        on=parcel.on,
        facts=facts.duty,
    )
    due = from_minor(charges, currency)
    found = [
        FeeLine(
            kind=row.kind,
            amount=fee_amount(row, charges=due, local=local),
            rule_id=row.rule_id,
            original=row.fixed or row.minimum or due,
        )
        for row in rows
        if charges or row.fixed is not None
    ]
    return (*found, *_national_fees(parcel, way, treatments, facts))


def _national_fees(
    parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], facts: LandedFacts
) -> tuple[FeeLine, ...]:
    """Fees that a country takes of small consignments: per parcel, per goods code or per line of the declaration."""
    found = []
    for rule in rules_of(way.place.country, parcel, facts.duty):
        if rule.params.get("role") != "fee" or "fee_flat" not in rule.params:
            continue
        if rule.threshold is not None and not all(one.is_within for one in treatments.values() if one.rule):
            continue
        one = Money(Decimal(str(rule.params["fee_flat"])), str(rule.params["fee_currency"]))
        codes = {line.hs_code.replace(".", "")[:SIX] for line in parcel.lines}
        count = {"parcel": 1, "distinct_hs6": len(codes), "declaration_line": len(parcel.lines)}
        whole = one * count[str(rule.params["fee_unit"])]
        amount = in_currency(whole, parcel.market.currency, on=parcel.on, facts=facts.duty)
        found.append(FeeLine(kind="national", amount=amount, rule_id=rule.rule_id, original=whole))
    return tuple(found)


def _with_extras(
    parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], facts: LandedFacts, border: _Border
) -> tuple[TaxLine, ...]:
    """The tax lines again, with duty and fees among what is paid now."""
    duties = {line.key: border.duties.of(line.key) for line in parcel.lines}
    fees = sum(to_minor(fee.amount) for fee in border.fees)
    if not fees and not any(duties.values()):
        return taxes_now(parcel, way, treatments, facts)
    return taxes_now(parcel, way, treatments, facts, duties=duties, fees=fees)


def _answer(
    parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], border: _Border, now: tuple[TaxLine, ...]
) -> LandedCost:
    currency = parcel.market.currency
    duty = sum_money((line.amount for line in border.duties.lines), currency)
    fees = sum_money((fee.amount for fee in border.fees), currency)
    at_border = tuple(tax for tax in border.taxes if not _is_now(tax, treatments, parcel))
    border_tax = sum_money((tax.amount for tax in at_border), currency)
    goods = sum_money((tax.base for tax in now if tax.key in treatments), currency)
    extras = [tax for tax in now if tax.key == FEES or tax.key.startswith(DUTY)]
    charged = sum_money((tax.gross if tax.included else tax.base for tax in extras), currency)
    unknown, later = bool(border.duties.missing), parcel.payer == "buyer_later"
    due = duty + fees + border_tax
    nothing = from_minor(0, currency)
    return LandedCost(
        payer=parcel.payer,
        crosses=way.crosses,
        goods=goods,
        shipping=sum_money((tax.base for tax in now if tax.key == SHIPPING), currency),
        customs_value=from_minor(sum(border.duties.customs.values()), currency),
        intrinsic=from_minor(sum(border.values.goods.values()), currency),
        duty_lines=border.duties.lines,
        fee_lines=border.fees,
        tax_lines=now,
        border_tax_lines=at_border,
        treatments=treatments,
        duty=duty,
        fees=fees,
        tax_now=sum_money((tax.amount for tax in now), currency),
        border_tax=border_tax,
        charged_now=charged,
        payable_on_delivery=(None if unknown else due) if later else nothing,
        borne=due if parcel.payer == "seller" else nothing,
        guaranteed=not later and not unknown,
        must_split=_must_split(treatments),
        missing=border.duties.missing,
        explanations=_explanations(parcel, way, treatments, border),
        rule_ids=_rules(treatments, border, now, at_border),
    )


def _is_now(tax: TaxLine, treatments: Mapping[str, Treatment], parcel: Parcel) -> bool:
    """Whether a border tax is among what is paid now instead."""
    return parcel.payer == "buyer_now" and any(collected_now(one, parcel) for one in treatments.values())


def _must_split(treatments: Mapping[str, Treatment]) -> bool:
    """Whether goods of two procedures lie in a parcel where they may not share one."""
    forbids = any(
        one.rule is not None and one.rule.params.get("may_share_parcel") is False for one in treatments.values()
    )
    return forbids and len({one.scheme for one in treatments.values()}) > 1


def _explanations(parcel: Parcel, way: Way, treatments: Mapping[str, Treatment], border: _Border) -> tuple[str, ...]:
    told = [note for one in treatments.values() for note in one.notes]
    told += [f"scheme:{one.scheme}" for one in treatments.values()]
    if way.crosses:
        told.append(f"payer:{parcel.payer}")
    if border.duties.missing:
        told.append("duty_unknown")
    if _must_split(treatments):
        told.append("must_split_parcels")
    return tuple(dict.fromkeys(told))


def _rules(
    treatments: Mapping[str, Treatment], border: _Border, now: tuple[TaxLine, ...], later: tuple[TaxLine, ...]
) -> tuple[str, ...]:
    named = [rule for one in treatments.values() for rule in one.rule_ids]
    named += [line.rule_id for line in border.duties.lines]
    named += [fee.rule_id for fee in border.fees]
    named += [tax.rule_id for tax in (*now, *later)]
    return tuple(dict.fromkeys(rule for rule in named if rule))
