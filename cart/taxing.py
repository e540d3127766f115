"""The quote's question to the tax calculator: one per parcel, because tax is decided per shipment. Pure."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cart.snapshot import Snapshot
from cart.types import CartProblem, QuoteLine, QuoteTaxLine
from core.money import allocate, from_minor, to_minor, zero
from markets.errors import TaxRateAmbiguous, TaxRateNotFound, TerritoryBlocked
from markets.tax import SHIPPING, TaxableLine, TaxLine, TaxQuestion, calculate_tax

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LineTax:
    """Net and tax of one quote line over all its parcels, in minor units."""

    net: int
    tax: int
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class TaxOutcome:
    """What the calculator said about all parcels, in minor units."""

    lines: tuple[QuoteTaxLine, ...] = ()
    by_line: Mapping[str, LineTax] = field(default_factory=dict)
    shipping_minor: int = 0
    total: int = 0
    added: int = 0
    is_known: bool = False
    problems: tuple[CartProblem, ...] = ()


@dataclass(frozen=True)
class _Share:
    """The part of a quote line that travels in one parcel."""

    key: str
    category: str
    quantity: int
    minor: int


def restated_units(snapshot: Snapshot) -> dict[str, int]:
    """Unit prices at the destination where a market keeps the net price constant; empty in all other markets."""
    market = snapshot.market
    if market.tax_mode != "net_constant" or market.price_entry != "gross":
        return {}
    lines = tuple(
        TaxableLine(line.key, line.tax_category, line.unit)
        for line in snapshot.lines
        if line.can_be_sold and line.unit is not None
    )
    if not lines:
        return {}
    question = _question(snapshot, lines, 0, "")
    try:
        found = calculate_tax(question, snapshot.tax_facts)
    except (TaxRateNotFound, TaxRateAmbiguous, TerritoryBlocked):
        return {}
    return {tax.key: to_minor(tax.gross) for tax in found if tax.key != SHIPPING}


def tax_of(snapshot: Snapshot, lines: Sequence[QuoteLine], shipping_minor: int) -> TaxOutcome:
    """Tax lines for every parcel of the quote. A refusal of the tables becomes a problem that stops the checkout."""
    groups = _by_parcel(snapshot, lines)
    weights = [sum(share.minor for share in shares) for _, shares in groups]
    found: list[TaxLine] = []
    try:
        for (country, shares), shipping in zip(groups, allocate(shipping_minor, weights), strict=True):
            question = _question(
                snapshot,
                tuple(
                    TaxableLine(
                        share.key, share.category, from_minor(share.minor, snapshot.market.currency), share.quantity
                    )
                    for share in shares
                ),
                shipping,
                country,
            )
            found.extend(calculate_tax(question, snapshot.tax_facts))
    except (TaxRateNotFound, TaxRateAmbiguous, TerritoryBlocked) as refusal:
        logger.error("no tax for %s in market %s: %s", snapshot.country, snapshot.market.code, refusal.code)
        problem = CartProblem(code=refusal.code, message=str(refusal), blocking=True)
        return TaxOutcome(problems=(problem,))
    return _outcome(found)


def _question(snapshot: Snapshot, lines: tuple[TaxableLine, ...], shipping_minor: int, ship_from: str) -> TaxQuestion:
    market = snapshot.market
    if ship_from and market.tax_mode == "net_constant":
        # The unit prices are the destination's already (`restated_units`): they are not to be restated again.
        market = replace(market, tax_mode="gross_constant")
    return TaxQuestion(
        market=market,
        country=snapshot.country,
        on=snapshot.now.date(),
        lines=lines,
        shipping=from_minor(shipping_minor, market.currency) if shipping_minor else zero(market.currency),
        region=snapshot.region,
        postal_code=snapshot.postal_code,
        ship_from_country=ship_from,
    )


def _by_parcel(snapshot: Snapshot, lines: Sequence[QuoteLine]) -> list[tuple[str, list[_Share]]]:
    """The lines by parcel. What needs no parcel, or has none yet, goes as one more from the destination itself."""
    parts: dict[str, list[tuple[int, int]]] = {line.key: [] for line in lines}
    for index, parcel in enumerate(snapshot.parcels):
        for item in parcel.items:
            if item.key in parts:
                parts[item.key].append((index, item.quantity))
    groups: dict[int, list[_Share]] = {}
    for line in lines:
        here = parts[line.key] or [(-1, line.quantity)]
        minors = allocate(to_minor(line.line_total), [quantity for _, quantity in here])
        for (index, quantity), minor in zip(here, minors, strict=True):
            groups.setdefault(index, []).append(_Share(line.key, line.tax_category, quantity, minor))
    return [
        (snapshot.parcels[index].country if index >= 0 else snapshot.country, shares)
        for index, shares in sorted(groups.items())
    ]


def _outcome(found: Sequence[TaxLine]) -> TaxOutcome:
    by_line: dict[str, LineTax] = {}
    for tax in found:
        if tax.key == SHIPPING:
            continue
        before = by_line.get(tax.key, LineTax(0, 0, tax.rate))
        by_line[tax.key] = LineTax(before.net + to_minor(tax.base), before.tax + to_minor(tax.amount), tax.rate)
    shipping = [tax for tax in found if tax.key == SHIPPING]
    return TaxOutcome(
        lines=tuple(_tax_line(tax) for tax in found),
        by_line=by_line,
        shipping_minor=sum(to_minor(tax.gross if tax.included else tax.base) for tax in shipping),
        total=sum(to_minor(tax.amount) for tax in found),
        added=sum(to_minor(tax.amount) for tax in found if not tax.included),
        is_known=True,
    )


def _tax_line(tax: TaxLine) -> QuoteTaxLine:
    return QuoteTaxLine(
        key=tax.key,
        owner="shipping" if tax.key == SHIPPING else "line",
        place=tax.place,
        rate=tax.rate,
        base=tax.base,
        amount=tax.amount,
        included=tax.included,
        reason=tax.reason,
        label=tax.label,
        rule_id=tax.rule_id,
    )
