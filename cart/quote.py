"""The quote: what everything costs, and why. Pure steps, read top to bottom; nothing else computes totals.

Calculations are in minor units. Taxes are rounded once, by the market's rule, in `markets.tax`.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from cart import words
from cart.border import Border, no_border
from cart.quantities import allowed_quantity, not_sellable, prohibited, sentence_for
from cart.snapshot import Snapshot, SnapshotLine
from cart.taxing import LineTax, TaxOutcome, owes_no_tax, restated_units, tax_of, without_home_tax
from cart.types import Adjustment, CartProblem, FreeDelivery, PartAmounts, Quote, QuoteLine, TicketRow
from core.money import Money, from_minor, sum_money, to_minor, zero
from inventory.types import DeliveryOption


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A quote in the making. Every step returns a new one."""

    snapshot: Snapshot
    lines: tuple[QuoteLine, ...] = ()
    delivery: DeliveryOption | None = None
    shipping_minor: int = 0
    tax: TaxOutcome = field(default_factory=TaxOutcome)
    adjustments: tuple[Adjustment, ...] = ()
    problems: tuple[CartProblem, ...] = ()

    @property
    def currency(self) -> str:
        return self.snapshot.market.currency

    @property
    def goods_minor(self) -> int:
        return sum(to_minor(line.line_total) for line in self.lines)

    @property
    def needs_delivery(self) -> bool:
        return any(line.requires_shipping and line.quantity for line in self.lines)


def price_lines(draft: Draft) -> Draft:
    """Each line at the shop's price of now, no more of it than can be had, with what changed said on it."""
    units = restated_units(draft.snapshot)
    lines = tuple(
        _line(position, line, units.get(line.key), draft.snapshot)
        for position, line in enumerate(draft.snapshot.lines, start=1)
    )
    return replace(draft, lines=lines)


def choose_delivery(draft: Draft) -> Draft:
    """The chosen delivery, else the market's first. Nothing that reaches the place is a reason to stop, never free."""
    if not draft.needs_delivery:
        return draft
    options = draft.snapshot.delivery_options
    if not options:
        return replace(draft, problems=(*draft.problems, words.no_delivery(draft.snapshot)))
    chosen = next((option for option in options if option.code == draft.snapshot.delivery_code), options[0])
    adjustment = Adjustment(
        kind="shipping",
        label=_("Delivery"),
        source=f"delivery:{chosen.code}",
        explanation=chosen.name,
        amount=chosen.price,
    )
    return replace(
        draft,
        delivery=chosen,
        shipping_minor=to_minor(chosen.price),
        adjustments=(*draft.adjustments, adjustment),
    )


def add_tax(draft: Draft) -> Draft:
    """Tax, duty and fees of every line and of the delivery, per parcel. A tax nobody knows is a refusal, not a zero."""
    sold = [line for line in draft.lines if line.quantity]
    if not sold:
        return draft
    prepays = draft.delivery is None or draft.delivery.prepays_duty
    shipping = draft.shipping_minor
    if shipping and owes_no_tax(draft.snapshot):
        dearest = max(sold, key=lambda line: (to_minor(line.line_total), line.tax_category))
        shipping = without_home_tax(draft.snapshot, shipping, dearest.tax_category)
    outcome = tax_of(draft.snapshot, sold, shipping, prepays=prepays)
    lines = tuple(_with_tax(line, outcome) for line in draft.lines)
    rest = tuple(one for one in outcome.problems if one.line_id is None)
    return replace(draft, lines=lines, tax=outcome, problems=draft.problems + rest)


STEPS: tuple[Callable[[Draft], Draft], ...] = (price_lines, choose_delivery, add_tax)
"""Promotions and points join between the first two steps when they exist."""


def build_quote(snapshot: Snapshot) -> Quote:
    """Run the steps over a snapshot and add up. Equal snapshots give equal quotes."""
    draft = Draft(snapshot=snapshot)
    for step in STEPS:
        draft = step(draft)
    return _total(draft)


def goods_value(snapshot: Snapshot) -> int:
    """What the goods alone cost, in minor units: delivery prices depend on it."""
    return price_lines(Draft(snapshot=snapshot)).goods_minor


def _line(position: int, line: SnapshotLine, restated: int | None, snapshot: Snapshot) -> QuoteLine:
    currency = snapshot.market.currency
    nothing = zero(currency)
    allowed = allowed_quantity(line.quantity, available=line.available, limit=line.purchase_limit)
    quantity = allowed.quantity if line.can_be_sold else 0
    unit = from_minor(restated, currency) if restated is not None else (line.unit or nothing)
    total = from_minor(to_minor(unit) * quantity, currency)
    return QuoteLine(
        key=line.key,
        line_id=line.line_id,
        position=position,
        variant_id=line.variant_id,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        options_text=line.options_text,
        picture=line.picture,
        url=line.url,
        quantity=quantity,
        max_quantity=allowed_quantity(10**9, available=line.available, limit=line.purchase_limit).quantity,
        unit_list=unit,
        unit_final=unit,
        was=line.was,
        line_list=total,
        discount=nothing,
        line_total=total,
        net=total,
        tax=nothing,
        duty=nothing,
        tax_rate=words.NO_RATE,
        tax_category=line.tax_category,
        weight_g=line.weight_g,
        hs_code=line.hs_code,
        origin=line.origin,
        requires_shipping=line.requires_shipping,
        price_source=line.price_source,
        ships_from=words.origin_of(line.key, snapshot),
        arrives_from=None,
        arrives_to=None,
        problems=_line_problems(line, (allowed.code and sentence_for(allowed, line_id=line.line_id)) or None, snapshot),
        supply=line.supply,
        parts=line.parts,
        releases_on=line.ahead.release_on if line.ahead else None,
    )


def _line_problems(line: SnapshotLine, cut: CartProblem | None, snapshot: Snapshot) -> tuple[CartProblem, ...]:
    if line.prohibited:
        return (prohibited(line.line_id, line.prohibited),)
    if not line.can_be_sold:
        return (not_sellable(line.line_id),)
    found = [cut] if cut else []
    if line.unit and line.seen and line.seen.currency == line.unit.currency and line.seen != line.unit:
        found.append(words.price_changed(line.line_id, before=line.seen, now=line.unit, market=snapshot.market))
    return tuple(found)


def _borne(border: Border) -> Money:
    """Duty that the seller pays out of the price: told, and part of no sum."""
    return border.duty if border.payer == "seller" else zero(border.duty.currency.code)


def _with_tax(line: QuoteLine, outcome: TaxOutcome) -> QuoteLine:
    mine = tuple(one for one in outcome.problems if one.line_id == line.line_id)
    found = outcome.by_line.get(line.key)
    if found is None:
        return replace(line, problems=(*line.problems, *mine)) if mine else line
    currency = line.line_total.currency.code
    return replace(
        line,
        net=from_minor(found.net, currency),
        tax=from_minor(found.tax, currency),
        duty=from_minor(found.duty, currency),
        tax_rate=found.rate,
        part_amounts=_part_amounts(outcome.by_part.get(line.key, {}), currency),
    )


def _part_amounts(found: Mapping[int, LineTax], currency: str) -> tuple[PartAmounts, ...]:
    return tuple(
        PartAmounts(
            net=from_minor(one.net, currency),
            tax=from_minor(one.tax, currency),
            duty=from_minor(one.duty, currency),
            tax_rate=one.rate,
        )
        for _part, one in sorted(found.items())
    )


def _total(draft: Draft) -> Quote:
    snapshot, currency, market = draft.snapshot, draft.currency, draft.snapshot.market
    items = sum_money((line.line_list for line in draft.lines), currency)
    discount = sum_money((line.discount for line in draft.lines), currency)
    shipping = from_minor(draft.tax.shipping_minor if draft.tax.is_known else draft.shipping_minor, currency)
    tax = from_minor(draft.tax.total, currency)
    added = from_minor(draft.tax.added, currency)
    border = draft.tax.border or no_border(currency)
    is_gross = draft.tax.tax_included if draft.tax.is_known else market.price_entry == "gross"
    delivery = draft.delivery
    quote = Quote(
        market=market.code,
        language=market.language,
        currency=currency,
        country=snapshot.country,
        postal_code=snapshot.postal_code,
        display="gross" if is_gross else "net",
        rounding_level=market.rounding_level,
        duty_mode=market.duty_mode,
        lines=_with_dates(draft.lines, delivery, snapshot),
        adjustments=draft.adjustments,
        parcels=snapshot.parcels,
        delivery=delivery,
        delivery_options=snapshot.delivery_options,
        items_total=items,
        discount_total=discount,
        shipping_total=shipping,
        fee_total=border.charged_fees,
        duty_total=border.charged_duty if border.is_paid_now else _borne(border),
        duty_added=border.charged_duty,
        border=border,
        tax_total=tax,
        tax_added=added,
        total=items - discount + shipping + border.charged_fees + border.charged_duty + added,
        tax_included=is_gross,
        tax_lines=draft.tax.lines,
        tax_rows=words.tax_rows(draft.tax.lines, market.language),
        ticket=(),
        explanations=(),
        free_delivery=_free_delivery(draft),
        problems=draft.problems,
        item_count=sum(line.quantity for line in draft.lines),
        weight_g=sum(line.weight_g * line.quantity for line in draft.lines),
        fingerprint="",
        computed_at=snapshot.now,
    )
    return replace(
        quote,
        ticket=_ticket(quote),
        explanations=words.explanations(quote, market),
        ahead_sentence=words.ahead_sentence(quote, market),
        fingerprint=fingerprint_of(quote),
    )


def _with_dates(
    lines: tuple[QuoteLine, ...], delivery: DeliveryOption | None, snapshot: Snapshot
) -> tuple[QuoteLine, ...]:
    """The promise of each line: the delivery's days from where it leaves; a pre-sale's are counted from its day."""
    if delivery is None:
        return lines
    later = {
        day: next((option for option in options if option.code == delivery.code), delivery)
        for day, options in snapshot.later
    }
    places: defaultdict[str, set[str]] = defaultdict(set)
    for parcel in snapshot.parcels:
        for item in parcel.items:
            places[item.key].add(parcel.warehouse_code)

    def dated(line: QuoteLine) -> QuoteLine:
        promise = delivery if line.releases_on is None else later.get(line.releases_on, delivery)
        first, last = promise.days_from(places[line.key])
        return replace(line, arrives_from=first, arrives_to=last)

    return tuple(dated(line) if line.requires_shipping else line for line in lines)


def _free_delivery(draft: Draft) -> FreeDelivery | None:
    option = draft.delivery
    if option is None or option.free_from is None:
        return None
    goal, goods = to_minor(option.free_from), draft.goods_minor
    missing = max(goal - goods, 0)
    return FreeDelivery(
        reached=missing == 0,
        threshold=option.free_from,
        missing=from_minor(missing, draft.currency),
        percent=100 if missing == 0 else goods * 100 // goal,
    )


def _ticket(quote: Quote) -> tuple[TicketRow, ...]:
    rows = [TicketRow(label=_("Items"), amount=quote.items_total)]
    if to_minor(quote.discount_total):
        rows.append(TicketRow(label=_("Discount"), amount=-quote.discount_total, kind="off"))
    if quote.delivery is not None:
        is_free = not to_minor(quote.shipping_total)
        rows.append(TicketRow(label=_("Delivery"), amount=quote.shipping_total, is_free=is_free))
    rows.extend(words.charged_rows(quote.border))
    rows.extend(TicketRow(label=row.label, amount=row.amount) for row in quote.tax_rows if not row.included)
    rows.append(TicketRow(label=_("Total"), amount=quote.total, kind="total"))
    return tuple(rows)


def fingerprint_of(quote: Quote) -> str:
    """SHA-256 over what the shopper agrees to: goods, quantities, amounts, taxes, the delivery and its last day.

    Not the place of a tax: typing the region of one's address moves no amount, so nobody is asked again.
    """
    agreed = {
        "market": quote.market,
        "currency": quote.currency,
        "country": quote.country,
        "lines": [[line.variant_id, line.quantity, to_minor(line.line_total), *_more(line)] for line in quote.lines],
        "delivery": [quote.delivery.code, quote.delivery.latest.isoformat()] if quote.delivery else [],
        "shipping": to_minor(quote.shipping_total),
        "tax": [[str(tax.rate), to_minor(tax.amount), tax.reason] for tax in quote.tax_lines],
        "duty": [quote.duty_mode, to_minor(quote.duty_added), *_later(quote)],
        "fees": to_minor(quote.fee_total),
        "total": to_minor(quote.total),
    }
    return hashlib.sha256(json.dumps(agreed, sort_keys=True).encode()).hexdigest()


def _later(quote: Quote) -> list[object]:
    """Who pays at the border; what is an estimate there is not agreed to."""
    return [quote.border.payer] if quote.border.crosses else []


def _more(line: QuoteLine) -> list[object]:
    """What else is agreed about a set or a pre-sale: its components, its day."""
    day = [line.releases_on.isoformat()] if line.releases_on else []
    return [*day, *([part.variant_id, part.quantity] for part in line.parts)]
