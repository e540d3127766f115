"""Cases of the union's limit for distance sales: one order, and the parcels of one."""

from datetime import date

from config.vectors.borders import Input, goods, parcel_to
from config.vectors.running import Answer
from config.vectors.world import facts_with, market_of, money
from core.money import Money, from_minor, sum_money, to_minor
from markets.landed import landed_cost, landed_costs


def union(told: Input, on: date) -> Answer:
    if "parcels" in told:
        return _union_order(told, on)
    home, order = told["seller"], told["order"]
    facts = facts_with(registrations=[(home, "domestic")], on=on)
    parcel = parcel_to(
        order["ship_to"],
        [goods(order["gross"], "EUR")],
        on=on,
        market=market_of(home, "EUR", entry="gross"),
        ship_from=home,
        eu_sales_this_year=money(told["cross_border_b2c_net_this_year"], "EUR"),
    )
    found = landed_cost(parcel, facts)
    return {
        "country_of_taxation": found.treatments["1"].place.country,
        "tax": text_of(found.tax_now),
        "net": text_of(found.goods),
    }


def _union_order(told: Input, on: date) -> Answer:
    """Several parcels of one order: `download` is something that needs none."""
    home, there = told["seller"], told["ship_to"]
    parcels = [
        parcel_to(
            there,
            [goods(one["gross"], "EUR", supply="digital" if one.get("download") else "goods")],
            on=on,
            market=market_of(home, "EUR", entry="gross"),
            ship_from=there if one.get("download") else home,
            shipping=one.get("delivery_gross", "0.00"),
            eu_sales_this_year=money(told["cross_border_b2c_net_this_year"], "EUR"),
            eu_sales_known=not told.get("orders_without_exchange_rate"),
        )
        for one in told["parcels"]
    ]
    found = landed_costs(parcels, facts_with(registrations=[(home, "domestic")], on=on))
    return {
        "countries": [one.treatments["1"].place.country for one in found],
        "tax": text_of(sum_money((one.tax_now for one in found), "EUR")),
    }


def text_of(amount: Money) -> str:
    """An amount as the cases write it."""
    return str(from_minor(to_minor(amount), amount.currency.code).amount)
