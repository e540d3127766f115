"""The rules of the destination, asked again when an order goes elsewhere or gets other goods.

What they forbid is refused before anything is written. What they hold, and what they ask of the customer that was not
answered at the checkout, stops the order until an operator has seen to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cart.types import Quote, QuoteLine
from catalog.queries.goods import GoodsFacts, goods_facts
from markets.compliance import Demands, Goods, Match, Purchase, demands_for
from markets.compliance.demands import words_in
from markets.customs import crosses_customs
from markets.models import BuyerTaxId
from markets.queries import country_of
from orders.actions.holds import open_hold_on
from orders.changes.errors import ChangeRefused
from orders.changes.types import Plan
from orders.models import HoldKind, Order, OrderChange

Rules = dict[str, Any]
"""`profile`: the rules that fit, as orders keep them; `holds`: pairs of a code and the reason told to operators."""


def rules_after(order: Order, plan: Plan, quote: Quote) -> Rules:
    """What today's rules say to the order as it would be; empty when neither address nor goods change.

    Raises `ChangeRefused` for goods that may not be sent there.
    """
    if plan.address is None and not plan.added:
        return {}
    address = order.addresses["ship"]["parts"] if plan.address is None else dict(plan.address.parts)
    return rules_of(order, address, quote)


def rules_of(order: Order, address: Mapping[str, Any], quote: Quote) -> Rules:
    """What today's rules say to goods of this quote that go to an address for the order's buyer.

    Raises `ChangeRefused` for goods that may not be sent there.
    """
    purchase = _purchase(order, address, quote)
    demands = demands_for(purchase, currency=order.currency, day=timezone.now().date())
    for match in demands.blocks:
        raise ChangeRefused(_forbidden(match, quote, order.language))
    holds = [[match.rule.code, _words(match, order.language)] for match in demands.holds]
    return {"profile": demands.snapshot(), "holds": [*holds, *_open_questions(order, demands)]}


def keep_rules(order: Order, change: OrderChange, rules: Mapping[str, Any]) -> None:
    """The rules that fit now stand with the order, with what was agreed before; their holds stop it, once each.

    The caller holds the order's lock and saves the order.
    """
    if not rules:
        return
    agreed = agreed_before(order)
    known = {rule.get("code") for rule in order.compliance_profile.get("rules", [])}
    order.compliance_profile = {**rules["profile"], **agreed}
    for code, reason in rules["holds"]:
        if code in known:
            continue  # it was looked at when the order was placed
        key = f"rule:{order.number}:{code}:{change.pk}"
        open_hold_on(order, kind=HoldKind.COMPLIANCE, key=key, reason=reason)


def agreed_before(order: Order) -> dict[str, Any]:
    """What the customer agreed to with the order, as orders keep it."""
    return {
        name: order.compliance_profile[name] for name in ("agreed", "agreed_at") if name in order.compliance_profile
    }


def _purchase(order: Order, address: Mapping[str, Any], quote: Quote) -> Purchase:
    facts = goods_facts([pk for line in quote.lines for pk in _variants(line)])
    place = country_of(quote.country)
    is_business = bool(address.get("company")) or BuyerTaxId.objects.filter(reference=order.number).exists()
    return Purchase(
        market=order.market,
        country=quote.country,
        region=str(address.get("region", "")),
        buyer="business" if is_business else "consumer",
        payment=order.payment_method,
        crosses_border=any(crosses_customs(parcel.country, quote.country) for parcel in quote.parcels),
        in_eu=bool(place and place.in_eu_vat_area),
        goods=tuple(goods for line in quote.lines for goods in _goods(line, facts)),
    )


def _variants(line: QuoteLine) -> list[int]:
    return [line.variant_id, *(part.variant_id for part in line.parts)]


def _goods(line: QuoteLine, facts: Mapping[int, GoodsFacts]) -> Iterator[Goods]:
    """The line; of a set each component as well, whose worth is in the line's."""
    yield _known(Goods(key=line.key, hs_code=line.hs_code or "", value=line.line_total.amount), facts, line.variant_id)
    for part in line.parts:
        yield _known(Goods(key=line.key, hs_code=part.hs_code), facts, part.variant_id)


def _known(goods: Goods, facts: Mapping[int, GoodsFacts], variant_id: int) -> Goods:
    found = facts.get(variant_id)
    if found is None:
        return goods
    return replace(
        goods, flags=found.flags, categories=found.categories, kind=found.kind, product_type=found.product_type
    )


def _open_questions(order: Order, demands: Demands) -> Iterator[list[str]]:
    """What the customer would have been asked at the checkout and has not answered."""
    agreed = order.compliance_profile.get("agreed", {})
    kept = set(BuyerTaxId.objects.filter(reference=order.number).values_list("kind", flat=True))
    for match in demands.of("identity_number"):
        number = str(match.rule.parameters["number"])
        if match.rule.parameters.get("required", True) and number not in kept:
            reason = _("The destination asks for a number of the customer (%(number)s). Ask for it before it is sent.")
            yield [match.rule.code, reason % {"number": number}]
    if demands.age is not None and "age" not in agreed:
        reason = _("The goods need a customer of %(age)d years or more. Ask before they are sent.")
        yield [demands.of("age_check")[0].rule.code, reason % {"age": demands.age}]
    for match in demands.of("extra_consent"):
        if f"consent_{match.rule.parameters['key']}" not in agreed:
            yield [match.rule.code, words_in(match.rule.parameters["words"], order.language)]


def _forbidden(match: Match, quote: Quote, language: str) -> str:
    names = [line.name for line in quote.lines if line.key in match.lines]
    words = _words(match, language)
    return _("%(goods)s: %(reason)s") % {"goods": ", ".join(names), "reason": words} if names else words


def _words(match: Match, language: str) -> str:
    told = words_in(match.rule.parameters.get("words"), language)
    return told or match.rule.explanation or _("A rule of the destination forbids it.")
