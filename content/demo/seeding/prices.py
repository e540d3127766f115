"""Prices in every demo market, and the history that makes the reductions honest."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.actions.prices import NewPrice, PriceListDraft, open_price_list, publish_prices, set_prices
from catalog.derived.history import Publication
from catalog.models import PublishedPrice, Variant
from content.demo.texts import table
from core.money import Money, round_half_up
from markets.charm import charm_price
from markets.models import Market
from markets.types import CharmRule

FIRST_SHOWN = timedelta(days=150)


def seed_prices() -> None:
    """One ordinary list and one sale list per demo market; the reductions began some days ago and are on record."""
    rows = [variant for product in table("products") for variant in product["variants"]]
    ids = dict(Variant.objects.values_list("sku", "pk"))
    now = timezone.now()
    for market in Market.objects.filter(active=True):
        _market(market, rows, ids, now)


def _market(market: Market, rows: list[dict[str, Any]], ids: dict[str, int], now: datetime) -> None:
    base = open_price_list(draft=PriceListDraft(code=f"{market.code}-base", market_code=market.code, name="Ordinary"))
    ordinary = {row["sku"]: price_of(row, market.currency_id) for row in rows}
    set_prices(
        price_list_id=base.pk,
        prices=[NewPrice(variant_id=ids[sku], amount=amount) for sku, amount in ordinary.items()],
    )
    reduced = [row for row in rows if row["sale"]]
    for days in sorted({row["sale"]["since_days"] for row in reduced}, reverse=True):
        sale = open_price_list(
            draft=PriceListDraft(
                code=f"{market.code}-sale-{days}",
                market_code=market.code,
                name="Sale",
                kind="sale",
                begins=now - timedelta(days=days),
            )
        )
        mine = [row for row in reduced if row["sale"]["since_days"] == days]
        set_prices(
            price_list_id=sale.pk,
            prices=[
                NewPrice(variant_id=ids[row["sku"]], amount=sale_price_of(row, market.currency_id)) for row in mine
            ],
        )
    if not PublishedPrice.objects.filter(market=market).exists():
        _history(market, rows, ids, ordinary, now)


@transaction.atomic
def _history(
    market: Market, rows: list[dict[str, Any]], ids: dict[str, int], ordinary: dict[str, Money], now: datetime
) -> None:
    """Everything was shown at its ordinary price for months before the reductions began."""
    first = [Publication(variant_id=ids[row["sku"]], market_id=market.pk, amount=ordinary[row["sku"]]) for row in rows]
    publish_prices(publications=first, at=now - FIRST_SHOWN)
    reduced = [row for row in rows if row["sale"]]
    for days in sorted({row["sale"]["since_days"] for row in reduced}, reverse=True):
        then = [
            Publication(
                variant_id=ids[row["sku"]],
                market_id=market.pk,
                amount=sale_price_of(row, market.currency_id),
                reduced=True,
            )
            for row in reduced
            if row["sale"]["since_days"] == days
        ]
        publish_prices(publications=then, at=now - timedelta(days=days))


def price_of(row: dict[str, Any], currency: str) -> Money:
    """A variant's ordinary price: the one written for the currency, or the reference price carried over."""
    written = table("prices")["overrides"].get(row["sku"], {}).get(currency)
    return Money(written, currency) if written else carried_over(Decimal(row["price_eur"]), currency)


def sale_price_of(row: dict[str, Any], currency: str) -> Money:
    """The reduced price: the same share off in every currency, on that currency's price grid."""
    share = Decimal(row["sale"]["price_eur"]) / Decimal(row["price_eur"])
    if currency == "EUR":
        return Money(row["sale"]["price_eur"], "EUR")
    return charmed(price_of(row, currency).amount * share, currency)


def carried_over(reference: Decimal, currency: str) -> Money:
    """A euro price in another currency, by the demo's own factor and price endings."""
    rule = table("prices")["currencies"][currency]
    amount = reference * Decimal(rule["factor"])
    return charmed(amount, currency) if rule["rounding"] else round_half_up(amount, currency)


def charmed(amount: Decimal, currency: str) -> Money:
    """An amount on the price endings of a currency."""
    rule = table("prices")["currencies"][currency]["rounding"]
    charm = CharmRule(
        ending=Decimal(rule["ending"]),
        step=Decimal(rule["step"]),
        mode=rule["mode"],
        increment=Decimal(rule["increment"]),
    )
    return round_half_up(charm_price(amount, charm), currency)
