"""The tax lines of a parcel: what the seller collects now, and what arises at the border instead. Pure.

Both go through the same arithmetic as every tax of the shop (`markets.tax.calculator`), with duty and fees as items
of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from core.money import allocate, from_minor, to_minor
from markets.landed.duties import Duties, Valuation
from markets.landed.schemes import Way, place_question
from markets.landed.thresholds import param, rules_of
from markets.landed.types import LandedFacts, Parcel, ParcelLine, Treatment
from markets.tax.arithmetic import Rate, whole
from markets.tax.calculator import NOTHING, Item, entered_rate, shares_of_shipping, tax_lines
from markets.tax.rates import label_of, rate_for, reason_of
from markets.tax.types import Place, RateFact, Reason, TaxLine, TaxQuestion

DUTY = "duty:"
"""The key of a tax line on duty: this and the line's key."""
FEES = "fee"
LOCAL = "local"


def taxes_now(
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    facts: LandedFacts,
    *,
    duties: Mapping[str, int] | None = None,
    fees: int = 0,
) -> tuple[TaxLine, ...]:
    """What the seller collects with the sale, one line per treated thing, zeros included.

    `duties` (net, by line) and `fees` are what is added to the order now. Raises `TaxRateNotFound` and
    `TaxRateAmbiguous`.
    """
    question = place_question(parcel)
    goods = [_item_now(line, treatments[line.key], parcel, facts) for line in parcel.lines]
    items = [*goods, *_shipping_now(goods, parcel, treatments, question)]
    for line, item in zip(parcel.lines, goods, strict=True):
        if duties and duties.get(line.key):
            items.append(_extra(f"{DUTY}{line.key}", duties[line.key], item, parcel))
    if fees:
        items.append(_extra(FEES, fees, _heaviest(goods), parcel))
    return tax_lines(items, way.place, question)


def border_taxes(
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    facts: LandedFacts,
    values: Valuation,
    duties: Duties,
) -> tuple[TaxLine, ...]:
    """Import tax that is not collected with the sale: on goods, duty and, where it counts, freight. All amounts net.

    Raises `TaxRateNotFound`, `TaxRateAmbiguous`.
    """
    lines = [line for line in parcel.lines if _is_taxed_at_border(treatments[line.key])]
    if not lines:
        return ()
    goods, freight = values.goods, values.freight
    method = param(rules_of(way.place.country, parcel, facts.duty), "method", "")
    if method == "national_and_local":
        return _national_and_local(lines, parcel, way, treatments, facts, duties)
    if method == "composite":
        return _composite(lines, parcel, way, treatments, facts, goods)
    question = _net_question(parcel)
    items = [
        _item(line.key, goods[line.key], line, treatments[line.key], _import_rate(line, way, parcel, facts))
        for line in lines
    ]
    every = sum(goods.values())
    share = allocate(freight, [sum(goods[line.key] for line in lines), every - sum(goods[line.key] for line in lines)])
    if treatments[lines[0].key].freight_taxed and share[0]:
        sent = replace(question, shipping=from_minor(share[0], parcel.market.currency))
        items += shares_of_shipping(list(items), sent)
    for line, item in zip(lines, list(items), strict=False):
        if duties.of(line.key):
            items.append(replace(item, key=f"{DUTY}{line.key}", minor=duties.of(line.key), quantity=1))
    return tax_lines(items, way.place, question)


def _is_taxed_at_border(treatment: Treatment) -> bool:
    has_local = treatment.reason == "export" and treatment.place.local_rate is not None
    single = treatment.rule is not None and treatment.rule.params.get("method") == "single_rate"
    return (treatment.collector == "importer" and not single) or has_local


def _item_now(line: ParcelLine, treatment: Treatment, parcel: Parcel, facts: LandedFacts) -> Item:
    if collected_now(treatment, parcel):
        found = rate_for(treatment.place, line.tax_category, parcel.on, facts.tax)
        return _told(line, treatment, found, parcel, facts)
    rule = treatment.rule_ids[0] if treatment.rule_ids else ""
    strips = treatment.strips_home_tax
    entered = entered_rate(line.tax_category, parcel.market, parcel.on, facts.tax, strips=True) if strips else NOTHING
    return Item(
        key=line.key,
        minor=to_minor(line.amount),
        quantity=line.quantity,
        rate=NOTHING,
        reason=_reason_now(treatment, parcel),
        rule_id=rule,
        label=label_of(treatment.place, None),
        entered=entered,
        place=treatment.place.code,
        scheme=treatment.scheme,
        strips=strips,
    )


def collected_now(treatment: Treatment, parcel: Parcel) -> bool:
    """Whether tax of the line is part of what the buyer pays now."""
    if treatment.collector == "seller":
        return True
    single = treatment.rule is not None and treatment.rule.params.get("method") == "single_rate"
    return treatment.collector == "importer" and parcel.payer == "buyer_now" and not single


def _reason_now(treatment: Treatment, parcel: Parcel) -> Reason:
    if treatment.collector != "importer":
        return treatment.reason
    if parcel.payer == "buyer_later":
        return "on_delivery"
    return "in_duty" if parcel.payer == "buyer_now" else "not_registered"


def _told(line: ParcelLine, treatment: Treatment, found: RateFact, parcel: Parcel, facts: LandedFacts) -> Item:
    return Item(
        key=line.key,
        minor=to_minor(line.amount),
        quantity=line.quantity,
        rate=Rate(found.rate, of_gross=found.rate_of == "gross"),
        reason=reason_of(found),
        rule_id=found.rule_id,
        label=label_of(treatment.place, found),
        entered=entered_rate(line.tax_category, parcel.market, parcel.on, facts.tax),
        place=treatment.place.code,
        scheme=treatment.scheme,
    )


def _shipping_now(
    goods: list[Item], parcel: Parcel, treatments: Mapping[str, Treatment], question: TaxQuestion
) -> list[Item]:
    if all(treatments[line.key].freight_taxed for line in parcel.lines):
        return shares_of_shipping(goods, question)
    untaxed = [replace(item, rate=NOTHING, reason="not_taxed", rule_id="") for item in goods]
    return shares_of_shipping(untaxed, question)


def _extra(key: str, net: int, like: Item, parcel: Parcel) -> Item:
    """Duty or fees that are added: taxed as the goods; where prices contain tax, with it inside."""
    gross = parcel.market.price_entry == "gross"
    minor = net + whole(like.rate.on_top(Decimal(net)), parcel.market.tax_rounding) if gross else net
    return replace(like, key=key, minor=minor, quantity=1, entered=like.rate, strips=False)


def _heaviest(goods: Sequence[Item]) -> Item:
    return max(goods, key=lambda item: item.minor)


def _item(key: str, minor: int, line: ParcelLine, treatment: Treatment, found: RateFact) -> Item:
    return Item(
        key=key,
        minor=minor,
        quantity=line.quantity,
        rate=Rate(found.rate, of_gross=found.rate_of == "gross"),
        reason=reason_of(found),
        rule_id=found.rule_id,
        label=label_of(treatment.place, found),
        entered=NOTHING,
        place=treatment.place.code,
        scheme=treatment.scheme,
    )


def _import_rate(line: ParcelLine, way: Way, parcel: Parcel, facts: LandedFacts) -> RateFact:
    if way.place.local_rate is not None:
        return RateFact(
            rule_id=way.place.rule_id,
            country=way.place.country,
            region=way.place.region,
            category="standard",
            rate=way.place.local_rate,
            rate_class=LOCAL,
        )
    return rate_for(way.place, line.tax_category, parcel.on, facts.tax)


def _net_question(parcel: Parcel) -> TaxQuestion:
    """The parcel as one whose amounts are without tax."""
    return place_question(replace(parcel, market=replace(parcel.market, price_entry="net", tax_mode="explicit")))


def _national_and_local(
    lines: Sequence[ParcelLine],
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    facts: LandedFacts,
    duties: Duties,
) -> tuple[TaxLine, ...]:
    """Japan: the national part on value and duty, cut to hundreds; the local part of that, cut to hundreds again."""
    rules = rules_of(way.place.country, parcel, facts.duty)
    step = int(param(rules, "truncate_to", 1))
    share = Decimal(str(param(rules, "national_share", "1")))
    by_rate: dict[RateFact, list[ParcelLine]] = {}
    for line in lines:
        by_rate.setdefault(rate_for(way.place, line.tax_category, parcel.on, facts.tax), []).append(line)
    found: list[TaxLine] = []
    for rate, here in by_rate.items():
        bases = [duties.customs[line.key] + duties.of(line.key) for line in here]
        national = _cut(sum(bases) * rate.rate * share, step)
        local = _cut(national * (1 - share) / share, step)
        for part, minor, fraction in (("national", national, share), ("local", local, 1 - share)):
            for line, base, own in zip(here, bases, allocate(minor, bases), strict=True):
                told = _border_line(line, base, own, rate, rate.rate * fraction, treatments[line.key])
                found.append(replace(told, part=part))
    return tuple(found)


def _composite(
    lines: Sequence[ParcelLine],
    parcel: Parcel,
    way: Way,
    treatments: Mapping[str, Treatment],
    facts: LandedFacts,
    goods: Mapping[str, int],
) -> tuple[TaxLine, ...]:
    """China's retail import: a part of the statutory VAT and consumption tax; the latter is inside its own base."""
    factor = Decimal(str(param(rules_of(way.place.country, parcel, facts.duty), "factor", "1")))
    found = []
    for line in lines:
        vat = rate_for(way.place, line.tax_category, parcel.on, facts.tax)
        excise = excise_rate(way.place, line.tax_category, parcel, facts)
        base = Decimal(goods[line.key]) / (1 - (excise.rate if excise else Decimal(0)))
        treatment = treatments[line.key]
        amount = whole(base * vat.rate * factor, "half_up")
        rounded = whole(base, "half_up")
        found.append(_border_line(line, rounded, amount, vat, vat.rate * factor, treatment))
        if excise is not None:
            minor = whole(base * excise.rate * factor, "half_up")
            told = _border_line(line, rounded, minor, excise, excise.rate * factor, treatment)
            found.append(replace(told, part="excise"))
    return tuple(found)


def excise_rate(place: Place, category: str, parcel: Parcel, facts: LandedFacts) -> RateFact | None:
    """The consumption tax on goods of a category, if there is one."""
    table = facts.tax.rates.get((place.country, place.region)) or facts.tax.rates.get((place.country, ""), {})
    for rate in table.get(category, ()):
        if rate.kind == "excise" and rate.holds_on(parcel.on) and rate.rate:
            return rate
    return None


def _border_line(
    line: ParcelLine, base: int, minor: int, fact: RateFact, rate: Decimal, treatment: Treatment
) -> TaxLine:
    currency = line.amount.currency.code
    return TaxLine(
        key=line.key,
        place=treatment.place.code,
        rate=rate,
        base=from_minor(base, currency),
        amount=from_minor(minor, currency),
        included=False,
        reason=reason_of(fact),
        label="consumption_tax" if fact.kind == "excise" else label_of(treatment.place, fact),
        rule_id=fact.rule_id,
        scheme=treatment.scheme,
    )


def _cut(value: Decimal, step: int) -> int:
    return int((value / step).quantize(Decimal(1), rounding=ROUND_DOWN)) * step
