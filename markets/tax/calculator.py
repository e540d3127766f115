"""The tax of a shipment. Pure: facts in, one line per treated item out, each with base, rate, place and reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import allocate, from_minor, to_minor
from markets.tax.arithmetic import Part, Rate, restate, taxes
from markets.tax.places import taxing_place
from markets.tax.rates import label_of, rate_for, reason_of
from markets.tax.types import SHIPPING, Place, RateFact, Reason, TaxableLine, TaxFacts, TaxLine, TaxQuestion
from markets.types import MarketContext

NOTHING = Rate(Decimal(0))


@dataclass(frozen=True)
class Item:
    """A line, a share of the delivery, of duty or of fees on its way to becoming a tax line."""

    key: str
    minor: int
    quantity: int
    rate: Rate
    reason: Reason
    rule_id: str
    label: str
    entered: Rate
    place: str = ""
    """Empty: the place of the shipment."""
    scheme: str = ""
    strips: bool = False
    """Whether the tax the price was entered with leaves it: the buyer owes none."""


def calculate_tax(question: TaxQuestion, facts: TaxFacts) -> tuple[TaxLine, ...]:
    """The tax lines of every line and of the delivery, zeros included.

    Delivery is taxed as its goods: it is split by their net value over their rates. Raises `TaxRateNotFound`,
    `TaxRateAmbiguous`, `TerritoryBlocked`, and `ValueError` for amounts below zero.
    """
    if not question.lines or any(line.amount.amount < 0 for line in question.lines) or question.shipping.amount < 0:
        raise ValueError("tax is asked for at least one line, and for no amount below zero")
    place, registration = taxing_place(question, facts)
    goods = [
        _collected(line, place, question, facts) if registration else _not_collected(line, place)
        for line in question.lines
    ]
    items = goods + shares_of_shipping(goods, question)
    return tax_lines(items, place, question)


def _collected(line: TaxableLine, place: Place, question: TaxQuestion, facts: TaxFacts) -> Item:
    found = rate_for(place, line.tax_category, question.on, facts)
    return Item(
        key=line.key,
        minor=to_minor(line.amount),
        quantity=line.quantity,
        rate=_rate(found),
        reason=reason_of(found),
        rule_id=found.rule_id,
        label=label_of(place, found),
        entered=entered_rate(line.tax_category, question.market, question.on, facts),
    )


def _not_collected(line: TaxableLine, place: Place) -> Item:
    return Item(
        key=line.key,
        minor=to_minor(line.amount),
        quantity=line.quantity,
        rate=NOTHING,
        reason="export" if place.is_outside else "not_registered",
        rule_id=place.rule_id,
        label=label_of(place, None),
        entered=NOTHING,
    )


def entered_rate(category: str, market: MarketContext, on: date, facts: TaxFacts, *, strips: bool = False) -> Rate:
    """The rate inside a price that was entered with tax: the one of the market's home.

    Asked where the net stays the same for every destination, and where the tax leaves the price altogether.
    """
    if market.price_entry != "gross" or not (strips or market.tax_mode == "net_constant"):
        return NOTHING
    home = facts.taxed_as.get(market.home_country) or market.home_country
    return _rate(rate_for(Place(home, home), category, on, facts))


def _rate(found: RateFact) -> Rate:
    return Rate(found.rate, of_gross=found.rate_of == "gross")


def shares_of_shipping(goods: list[Item], question: TaxQuestion) -> list[Item]:
    """One share per rate of the goods, by their net value. Free delivery is one line of zero."""
    groups: dict[tuple[Rate, Reason, str], list[Item]] = {}
    for item in goods:
        groups.setdefault((item.rate, item.reason, item.rule_id), []).append(item)
    weights = [sum(_net(item, question) for item in items) for items in groups.values()]
    shares = allocate(to_minor(question.shipping), weights)
    if not any(shares):
        heaviest = max(range(len(weights)), key=lambda i: weights[i])
        return [_share(list(groups.values())[heaviest][0], 0)]
    return [_share(items[0], share) for items, share in zip(groups.values(), shares, strict=True) if share]


def _share(like: Item, minor: int) -> Item:
    return Item(
        key=SHIPPING,
        minor=minor,
        quantity=1,
        rate=like.rate,
        reason=like.reason,
        rule_id=like.rule_id,
        label=like.label,
        entered=like.entered,
        place=like.place,
        scheme=like.scheme,
        strips=like.strips,
    )


def _net(item: Item, question: TaxQuestion) -> int:
    if question.market.price_entry != "gross":
        return item.minor
    inside = item.entered if item.strips or question.market.tax_mode == "net_constant" else item.rate
    return item.minor - int(inside.inside(Decimal(item.minor)).to_integral_value())


def tax_lines(items: list[Item], place: Place, question: TaxQuestion) -> tuple[TaxLine, ...]:
    market = question.market
    included = market.price_entry == "gross"
    mode = market.tax_rounding
    parts = tuple(Part(_restated(item, question), item.quantity, item.rate) for item in items)
    found = taxes(parts, included=included, level=market.rounding_level, mode=mode)
    currency = question.shipping.currency.code
    return tuple(
        TaxLine(
            key=item.key,
            place=item.place or place.code,
            rate=item.rate.fraction,
            base=from_minor(part.minor - tax if included else part.minor, currency),
            amount=from_minor(tax, currency),
            included=included,
            reason=item.reason,
            label=item.label,
            rule_id=item.rule_id,
            scheme=item.scheme,
        )
        for item, part, tax in zip(items, parts, found, strict=True)
    )


def _restated(item: Item, question: TaxQuestion) -> int:
    """The amount with the destination's tax, where the market keeps the net price constant."""
    market = question.market
    restates = item.strips or market.tax_mode == "net_constant"
    if market.price_entry != "gross" or not restates or item.entered == item.rate:
        return item.minor
    return restate(item.minor, entered=item.entered, destination=item.rate, mode="half_up")
