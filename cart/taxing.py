"""The quote's questions to the landed-cost engine: one per parcel, as tax and duty are decided per shipment. Pure."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cart.border import Border, border_of, wanted_payer, without_tariff
from cart.components import Taxed, shared, split_key, taxed_of
from cart.snapshot import Snapshot
from cart.types import CartProblem, QuoteLine, QuoteTaxLine, TaxOwner
from core.errors import DomainError
from core.money import allocate, from_minor, to_minor, zero
from markets.duty.errors import BorderFactMissing, DestinationProhibited
from markets.duty.restrictions import restrictions_on
from markets.errors import ExchangeRateMissing, ExchangeRateStale, TaxRateAmbiguous, TaxRateNotFound, TerritoryBlocked
from markets.landed import LandedCost, LandedFacts, Parcel, ParcelLine, landed_costs
from markets.landed.schemes import treatments_of
from markets.landed.taxing import DUTY, FEES
from markets.landed.types import Payer
from markets.tax import SHIPPING, TaxableLine, TaxLine, TaxQuestion, calculate_tax
from markets.tax.arithmetic import restate
from markets.tax.calculator import NOTHING, entered_rate
from markets.types import MarketContext

logger = logging.getLogger(__name__)

UNKNOWN_TAX = (TaxRateNotFound, TaxRateAmbiguous, TerritoryBlocked)
APART = {"digital": -1, "voucher": -2}
"""Where in the list of parcels stands what is in none."""
NO_EXCHANGE = (ExchangeRateMissing, ExchangeRateStale)
DAP_ONLY = "dap_only"
DIGITS = Decimal("0.00001")


@dataclass(frozen=True)
class LineTax:
    """Net and tax of one quote line over all its parcels, and the duty paid for it now, in minor units."""

    net: int = 0
    tax: int = 0
    rate: Decimal = Decimal(0)
    duty: int = 0


@dataclass(frozen=True, kw_only=True)
class TaxOutcome:
    """What the engine said about all parcels, in minor units."""

    lines: tuple[QuoteTaxLine, ...] = ()
    by_line: Mapping[str, LineTax] = field(default_factory=dict)
    by_part: Mapping[str, Mapping[int, LineTax]] = field(default_factory=dict)
    """Of sets whose components are taxed by themselves: by the line's key, then the component's number."""
    border: Border | None = None
    shipping_minor: int = 0
    total: int = 0
    added: int = 0
    is_known: bool = False
    tax_included: bool = True
    problems: tuple[CartProblem, ...] = ()


@dataclass(frozen=True)
class _Share:
    """The part of a quote line, or of one component of a set, that travels in one parcel. `quantity` counts lines."""

    line: QuoteLine
    goods: Taxed
    quantity: int
    minor: int


@dataclass(frozen=True)
class _Group:
    """What leaves one place together. `start` is "" for what needs no parcel or has none yet."""

    start: str
    shares: tuple[_Share, ...]


def restated_units(snapshot: Snapshot) -> dict[str, int]:
    """Unit prices at the destination where a market keeps the net price constant, or without tax for a buyer who owes
    none; empty in all other cases."""
    if owes_no_tax(snapshot):
        return _net_units(snapshot)
    market = snapshot.market
    if market.tax_mode != "net_constant" or market.price_entry != "gross":
        return {}
    lines = tuple(
        TaxableLine(one.key, one.tax_category, from_minor(minor, market.currency)) for one, minor in _units(snapshot)
    )
    if not lines:
        return {}
    question = TaxQuestion(
        market=market,
        country=snapshot.country,
        on=snapshot.now.date(),
        lines=lines,
        shipping=zero(market.currency),
        region=snapshot.region,
        postal_code=snapshot.postal_code,
    )
    try:
        found = calculate_tax(question, snapshot.tax_facts)
    except UNKNOWN_TAX:
        return {}
    return _by_line((tax.key, to_minor(tax.gross)) for tax in found if tax.key != SHIPPING)


def owes_no_tax(snapshot: Snapshot) -> bool:
    """Whether the buyer owes no tax on anything of the cart, so that the tax of home leaves prices entered with it."""
    buyer, market = snapshot.buyer, snapshot.market
    if market.price_entry != "gross" or not (buyer.is_business or buyer.exemption_document):
        return False
    asked = [
        ParcelLine(
            key=one.key,
            amount=from_minor(minor, market.currency),
            tax_category=one.tax_category,
            hs_code=one.hs_code,
            supply=one.supply,
        )
        for one, minor in _units(snapshot)
    ]
    starts = {parcel.country for parcel in snapshot.parcels} or {snapshot.country}
    if not asked:
        return False
    try:
        return all(
            one.strips_home_tax
            for start in starts
            for one in treatments_of(_plain_parcel(snapshot, start, tuple(asked)), _facts(snapshot))[1].values()
        )
    except DomainError:
        return False


def without_home_tax(snapshot: Snapshot, minor: int, category: str) -> int:
    """An amount that was entered with the tax of the market's home, without it."""
    market = snapshot.market
    entered = entered_rate(category, market, snapshot.now.date(), snapshot.tax_facts, strips=True)
    return restate(minor, entered=entered, destination=NOTHING, mode="half_up")


def tax_of(snapshot: Snapshot, lines: Sequence[QuoteLine], shipping_minor: int, *, prepays: bool = True) -> TaxOutcome:
    """Tax, duty and fees of every parcel of the quote.

    `prepays` is whether the chosen carrier clears parcels with the duty paid. A refusal of the tables becomes a
    problem that stops the checkout; duty that cannot be told falls back to payment on delivery and says so.
    """
    groups = _by_parcel(snapshot, lines)
    try:
        found, is_fallback = _ask(snapshot, groups, shipping_minor, prepays=prepays)
    except DestinationProhibited as refusal:
        return TaxOutcome(problems=(_problem(refusal, line_id=int(split_key(refusal.key)[0])),))
    except DomainError as refusal:
        logger.error("no tax for %s in market %s: %s", snapshot.country, snapshot.market.code, refusal.code)
        return TaxOutcome(problems=(_problem(refusal),))
    border = border_of(found, snapshot.market.currency, duty_mode=snapshot.market.duty_mode, is_fallback=is_fallback)
    return _outcome(found, border, snapshot.market)


def _ask(
    snapshot: Snapshot, groups: Sequence[_Group], shipping_minor: int, *, prepays: bool
) -> tuple[list[LandedCost], bool]:
    """The engine's answers, and whether duty that should be paid now is paid on delivery instead."""
    payer = wanted_payer(snapshot.market.duty_mode, snapshot.duty_wish)
    if payer == "buyer_now":
        if prepays and not _must_be_paid_later(snapshot, groups):
            try:
                return _answers(snapshot, groups, shipping_minor, payer), False
            except (BorderFactMissing, TaxRateNotFound, *NO_EXCHANGE):
                logger.info("duty for %s cannot be paid in advance", snapshot.country)
        return _answers(snapshot, groups, shipping_minor, "buyer_later"), True
    return _answers(snapshot, groups, shipping_minor, payer), False


def _answers(snapshot: Snapshot, groups: Sequence[_Group], shipping_minor: int, payer: Payer) -> list[LandedCost]:
    weights = [sum(share.minor for share in group.shares if share.goods.supply != "voucher") for group in groups]
    parcels = [
        _parcel(snapshot, group, shipping, payer)
        for group, shipping in zip(groups, allocate(shipping_minor, weights), strict=True)
    ]
    facts = _facts(snapshot)
    tells = payer != "buyer_now"
    try:
        return landed_costs(parcels, facts, tells=tells)
    except (*NO_EXCHANGE, TaxRateNotFound):
        if payer != "seller":
            raise
        bare = LandedFacts(tax=facts.tax, duty=without_tariff(facts.duty))
        return landed_costs(parcels, bare, tells=True)


def _must_be_paid_later(snapshot: Snapshot, groups: Sequence[_Group]) -> bool:
    """Whether a rule of the destination forbids paying duty in advance for something of the cart."""
    return any(
        row.effect == DAP_ONLY
        for group in groups
        for share in group.shares
        for row in restrictions_on(
            country=snapshot.country,
            hs_code=share.goods.hs_code,
            flags=_flags(snapshot, share.line.key),
            on=snapshot.now.date(),
            facts=snapshot.duty_facts,
        )
    )


def _flags(snapshot: Snapshot, key: str) -> frozenset[str]:
    return next((line.flags for line in snapshot.lines if line.key == key), frozenset())


def _facts(snapshot: Snapshot) -> LandedFacts:
    return LandedFacts(tax=snapshot.tax_facts, duty=snapshot.duty_facts)


def _parcel(snapshot: Snapshot, group: _Group, shipping_minor: int, payer: Payer) -> Parcel:
    currency = snapshot.market.currency
    lines = tuple(
        ParcelLine(
            key=share.goods.key,
            amount=from_minor(share.minor, currency),
            tax_category=share.goods.tax_category,
            quantity=share.quantity * share.goods.pieces,
            hs_code=share.goods.hs_code,
            origin=share.goods.origin,
            weight_g=share.goods.weight_g * share.quantity,
            supply=share.goods.supply,
            flags=_flags(snapshot, share.line.key),
        )
        for share in group.shares
    )
    plain = _plain_parcel(snapshot, group.start or snapshot.country, lines)
    return replace(plain, market=_asked_of(snapshot), shipping=from_minor(shipping_minor, currency), payer=payer)


def _plain_parcel(snapshot: Snapshot, start: str, lines: tuple[ParcelLine, ...]) -> Parcel:
    return Parcel(
        market=snapshot.market,
        ship_from=start,
        country=snapshot.country,
        on=snapshot.now.date(),
        lines=lines,
        shipping=zero(snapshot.market.currency),
        region=snapshot.region,
        postal_code=snapshot.postal_code,
        payer="seller",
        carrier_service=snapshot.delivery_code,
        buyer=snapshot.buyer,
        eu_sales_this_year=snapshot.eu_sales_this_year,
        eu_sales_last_year=snapshot.eu_sales_last_year,
        eu_sales_known=snapshot.eu_sales_known,
    )


def _asked_of(snapshot: Snapshot) -> MarketContext:
    """The market as the engine is asked: unit prices are the destination's already, and not to be restated again."""
    market = snapshot.market
    if owes_no_tax(snapshot):
        return replace(market, price_entry="net", tax_mode="explicit")
    return replace(market, tax_mode="gross_constant") if market.tax_mode == "net_constant" else market


def _net_units(snapshot: Snapshot) -> dict[str, int]:
    return _by_line((one.key, without_home_tax(snapshot, minor, one.tax_category)) for one, minor in _units(snapshot))


def _units(snapshot: Snapshot) -> list[tuple[Taxed, int]]:
    """One unit of everything taxable that can be sold, in minor units: of a set taxed in parts, each component."""
    return [
        (one, minor)
        for line in snapshot.lines
        if line.can_be_sold and line.unit is not None
        for taxed in [taxed_of(line)]
        for one, minor in zip(taxed, shared(to_minor(line.unit), taxed), strict=True)
        if one.supply != "voucher"
    ]


def _by_line(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Amounts of lines and components, added up by line."""
    found: dict[str, int] = {}
    for key, minor in amounts:
        line, _ = split_key(key)
        found[line] = found.get(line, 0) + minor
    return found


def _by_parcel(snapshot: Snapshot, lines: Sequence[QuoteLine]) -> list[_Group]:
    """The lines by parcel. What needs no parcel, or has none yet, goes as one more from the destination itself.

    Gift cards are by themselves, so that no part of a delivery stays untaxed with them.
    """
    parts: dict[str, list[tuple[int, int]]] = {line.key: [] for line in lines}
    for index, parcel in enumerate(snapshot.parcels):
        for item in parcel.items:
            if item.key in parts:
                parts[item.key].append((index, item.quantity))
    groups: dict[int, list[_Share]] = {}
    for line in lines:
        here = parts[line.key] or [(-1, line.quantity)]
        minors = allocate(to_minor(line.line_total), [quantity for _, quantity in here])
        taxed = taxed_of(line)
        for (index, quantity), minor in zip(here, minors, strict=True):
            for goods, part in zip(taxed, shared(minor, taxed), strict=True):
                place = index if goods.supply == "goods" else APART[goods.supply]
                groups.setdefault(place, []).append(_Share(line, goods, quantity, part))
    return [
        _Group(snapshot.parcels[index].country if index >= 0 else "", tuple(shares))
        for index, shares in sorted(groups.items())
    ]


def _outcome(found: Sequence[LandedCost], border: Border, market: MarketContext) -> TaxOutcome:
    taxes = [tax for one in found for tax in one.tax_lines]
    by_line, by_part = _by_owner(taxes)
    shipping = [tax for tax in taxes if tax.key == SHIPPING]
    return TaxOutcome(
        lines=tuple(_tax_line(tax) for tax in taxes),
        by_line=by_line,
        by_part=by_part,
        border=border,
        shipping_minor=sum(to_minor(tax.gross if tax.included else tax.base) for tax in shipping),
        total=sum(to_minor(tax.amount) for tax in taxes),
        added=sum(to_minor(tax.amount) for tax in taxes if not tax.included),
        is_known=True,
        tax_included=all(tax.included for tax in taxes) if taxes else market.price_entry == "gross",
    )


def _by_owner(taxes: Sequence[TaxLine]) -> tuple[dict[str, LineTax], dict[str, dict[int, LineTax]]]:
    """What every line bears, and what every component does that is taxed by itself."""
    by_line: dict[str, LineTax] = {}
    by_part: dict[str, dict[int, LineTax]] = {}
    for tax in taxes:
        owner, key, part = _owner(tax)
        if owner not in ("line", "duty"):
            continue
        by_line[key] = _with(by_line.get(key), tax, owner)
        if part:
            mine = by_part.setdefault(key, {})
            mine[part] = _with(mine.get(part), tax, owner)
    return by_line, by_part


def _with(before: LineTax | None, tax: TaxLine, owner: TaxOwner) -> LineTax:
    """One more tax line. Where rates differ, the rate of the whole is what the sums say, to five digits."""
    base, amount = to_minor(tax.base), to_minor(tax.amount)
    if owner == "duty":
        found = before or LineTax()
        return replace(found, duty=found.duty + base + amount)
    if before is None or not (before.net or before.tax):
        return LineTax(net=base, tax=amount, rate=tax.rate, duty=before.duty if before else 0)
    net, sum_of_taxes = before.net + base, before.tax + amount
    if before.rate == tax.rate or not (base or amount):
        rate = before.rate
    else:
        rate = (Decimal(sum_of_taxes) / net).quantize(DIGITS) if net else NOTHING.fraction
    return replace(before, net=net, tax=sum_of_taxes, rate=rate)


def _owner(tax: TaxLine) -> tuple[TaxOwner, str, int]:
    """Whose tax it is: the kind, the line's key, the number of a component."""
    if tax.key == SHIPPING:
        return "shipping", SHIPPING, 0
    if tax.key == FEES:
        return "fee", FEES, 0
    line, part = split_key(tax.key.removeprefix(DUTY))
    return ("duty" if tax.key.startswith(DUTY) else "line"), line, part


def _tax_line(tax: TaxLine) -> QuoteTaxLine:
    owner, key, part = _owner(tax)
    return QuoteTaxLine(
        key=key,
        part=part,
        owner=owner,
        place=tax.place,
        rate=tax.rate,
        base=tax.base,
        amount=tax.amount,
        included=tax.included,
        reason=tax.reason,
        label=tax.label,
        rule_id=tax.rule_id,
        scheme=tax.scheme,
    )


def _problem(refusal: DomainError, *, line_id: int | None = None) -> CartProblem:
    return CartProblem(code=refusal.code, message=str(refusal), line_id=line_id, blocking=True)


__all__ = ["LineTax", "TaxOutcome", "owes_no_tax", "restated_units", "tax_of", "without_home_tax"]
