"""Cases about amounts: exchange, provider units, pretty prices, settlement, rounding, discounts, refunds."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from config.vectors.running import Answer, NotOurs
from config.vectors.world import facts_with, market_of, money, rate_fact, reference_facts
from core.money import Money, allocate, from_minor, round_half_up, sum_money, to_minor, zero
from markets.charm import charm_price, to_grid
from markets.exchange import convert
from markets.landed import Parcel, ParcelLine, landed_cost
from markets.tax.types import SHIPPING
from markets.types import CharmRule
from orders.refunding import due_up_to
from orders.withdrawing import delivery_due_back
from payments.amounts import chargeable, paypal_value
from payments.providers.stripe.amounts import to_stripe
from payments.settlement import Settled, check_settlement

Input = Mapping[str, Any]


def exchange(told: Input, on: date) -> Answer:
    if "reference_rate" in told:
        return _converted(told)
    if "balance_transaction" in told:
        return _settled(told)
    if "ending" in told:
        rule = CharmRule(Decimal(told["ending"]), Decimal(told["step"]), told["mode"], Decimal("0.01"))
        return {"price": charm_price(Decimal(told["price"]), rule)}
    if "increment" in told:
        return {"amount": str(to_grid(Decimal(told["amount"]), Decimal(told["increment"])))}
    return _units(money(told["amount"], told["currency"]))


def _converted(told: Input) -> Answer:
    rate, markup = Decimal(told["reference_rate"]), Decimal(told["markup_percent"])
    amount = money(told["amount"], told["base"])
    found = convert(amount, quote=told["target"], rate=rate, markup_percent=markup)
    shown = chargeable(found)
    return {
        **_units(shown),
        "amount": str(found.amount),
        "unrounded": amount.amount * rate * (1 + markup / 100),
        "iso_amount": str(found.amount),
        "presentment_amount": str(shown.amount),
    }


def _units(amount: Money) -> Answer:
    return {"stripe_amount": to_stripe(amount), "paypal_value": paypal_value(amount)}


def _settled(told: Input) -> Answer:
    moved = told["balance_transaction"]
    currency = moved["currency"].upper()
    charged = from_minor(told["presentment"]["amount_minor"], told["presentment"]["currency"])
    settled = Settled(
        amount=from_minor(moved["amount"], currency),
        fee=from_minor(moved["fee"], currency),
        net=from_minor(moved["net"], currency),
        exchange_rate=Decimal(moved["exchange_rate"]),
    )
    found = check_settlement(charged=charged, settled=settled, booked_rate=Decimal(told["booking_rate_eur_gbp"]))
    return {
        "expected_settlement_minor": to_minor(found.expected),
        "settlement_matches": found.matches,
        "net_check": found.net_matches,
        f"booked_{moved['currency']}": str(found.booked.amount),
        f"fx_difference_{moved['currency']}": str(found.difference.amount),
        f"provider_fee_{moved['currency']}": str(settled.fee.amount),
    }


def rounding(told: Input, on: date) -> Answer:
    if "lines_net" in told:
        return {f"tax_per_{level}": _tax_of_nets(told, on, level) for level in ("line", "document")}
    currency = told.get("currency", "EUR")
    if "rate_percent" in told:
        tax, net = _inside(told["gross"], currency, "DE", on, told["rate_percent"])
        return {"tax": str(tax.amount), "net": str(net.amount)}
    countries = sorted(reference_facts().tax.eu)
    return {"net_by_country": {one: str(_inside(told["gross"], currency, one, on)[1].amount) for one in countries}}


def _inside(gross: str, currency: str, country: str, on: date, percent: str = "") -> tuple[Money, Money]:
    rates = (rate_fact(country, percent),) if percent else ()
    facts = facts_with(registrations=[("DE", "domestic"), ("DE", "oss")], rates=rates, on=on)
    line = ParcelLine(key="1", amount=money(gross, currency), tax_category="standard")
    parcel = Parcel(
        market=market_of("DE", currency, entry="gross"),
        ship_from="DE",
        country=country,
        on=on,
        lines=(line,),
        shipping=zero(currency),
    )
    found = landed_cost(parcel, facts)
    return found.tax_now, found.goods


def _tax_of_nets(told: Input, on: date, level: str) -> str:
    facts = facts_with(registrations=[("DE", "domestic")], rates=[rate_fact("DE", told["rate_percent"])], on=on)
    lines = tuple(
        ParcelLine(key=str(at), amount=money(net, "EUR"), tax_category="standard")
        for at, net in enumerate(told["lines_net"])
    )
    market = market_of("DE", "EUR", rounding_level=level)
    parcel = Parcel(market=market, ship_from="DE", country="DE", on=on, lines=lines, shipping=zero("EUR"))
    return str(landed_cost(parcel, facts).tax_now.amount)


def discounts(told: Input, on: date) -> Answer:
    weights = [to_minor(money(gross, "EUR")) for gross in told["lines_gross"]]
    shares = allocate(to_minor(money(told["discount"], "EUR")), weights)
    return {"allocation": [str(from_minor(share, "EUR").amount) for share in shares]}


def shipping(told: Input, on: date) -> Answer:
    country = told["country"]
    rates = [rate_fact(country, row["rate"], category=f"rate {row['rate']}") for row in told["lines"]]
    facts = facts_with(registrations=[(country, "domestic")], rates=rates, on=on)
    lines = tuple(
        ParcelLine(
            key=str(at),
            amount=_gross(row["net"], row["rate"]),
            tax_category=f"rate {row['rate']}",
        )
        for at, row in enumerate(told["lines"])
    )
    parcel = Parcel(
        market=market_of(country, "EUR", entry="gross"),
        ship_from=country,
        country=country,
        on=on,
        lines=lines,
        shipping=money(told["shipping_gross"], "EUR"),
    )
    found = [tax for tax in landed_cost(parcel, facts).tax_lines if tax.key == SHIPPING]
    percent = {tax.rate: f"{(tax.rate * 100).normalize():f}" for tax in found}
    return {
        "shipping_split": {percent[tax.rate]: str(tax.gross.amount) for tax in found},
        "shipping_tax": {percent[tax.rate]: str(tax.amount.amount) for tax in found},
    }


def _gross(net: str, percent: str) -> Money:
    return round_half_up(Decimal(net) * (1 + Decimal(percent) / 100), "EUR")


def refunds(told: Input, on: date) -> Answer:
    if "returned_sequence" in told:
        paid, before, found = to_minor(money(told["line_paid"], "EUR")), 0, []
        for units in told["returned_sequence"]:
            upto = before + units
            quantity = told["quantity"]
            found.append(from_minor(due_up_to(paid, upto, quantity) - due_up_to(paid, before, quantity), "EUR"))
            before = upto
        return {"refunds": [str(one.amount) for one in found], "sum": str(sum_money(found, "EUR").amount)}
    if "delivery_paid" not in told:
        raise NotOurs
    every = told["goods_paid"] if isinstance(told["goods_paid"], list) else [told["goods_paid"]]
    is_whole = bool(told.get("full_withdrawal"))
    chosen = every if is_whole else [every[told["withdrawn_line"] - 1]]
    paid_for_delivery = money(told["delivery_paid"], "EUR")
    back = delivery_due_back(
        paid=paid_for_delivery,
        cheapest=money(told["cheapest_standard_delivery"], "EUR")
        if "cheapest_standard_delivery" in told
        else paid_for_delivery,
        is_whole=is_whole,
    )
    return {"refund": str((sum_money((money(one, "EUR") for one in chosen), "EUR") + back).amount)}
