"""Who sells what of an order: the seller of its market, or another one whose goods were given an order of their own."""

from dataclasses import replace
from datetime import date

from django.db.models import Q

from markets.models import LegalEntity, Market, Scheme, TaxRegistration, UntaxedSeller
from markets.queries import market_of_record
from markets.types import MarketContext
from orders.models import Order

UNION_WIDE = (Scheme.OSS, Scheme.IOSS)
"""Registrations that hold wherever in the union the goods go."""


def seller_of_market(order: Order) -> LegalEntity | None:
    """The seller of the order's market."""
    market = Market.objects.select_related("seller").filter(code=order.market).first()
    return market.seller if market else None


def code_for(order: Order, seller: LegalEntity) -> str:
    """How an order names its seller: empty for the one of its market."""
    home = seller_of_market(order)
    return "" if home is not None and home.pk == seller.pk else seller.code


def market_of(order: Order) -> MarketContext:
    """The order's market with the order's own seller, in the order's language: whose registrations decide its taxes."""
    market = market_of_record(order.market, language=order.language)
    return replace(market, seller=order.merchant_ref) if order.merchant_ref else market


def taxed_alike(one: LegalEntity, other: LegalEntity, *, country: str, on: date) -> bool:
    """Whether the same taxes fall due, whoever of the two sells: they live in one country and are registered alike.

    Asked of home, of where the goods go and of what holds all over the union.
    """
    return one.country_id == other.country_id and _tax_standing(one, country, on) == _tax_standing(other, country, on)


def _tax_standing(seller: LegalEntity, country: str, on: date) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    places = {seller.country_id, country}
    held = TaxRegistration.objects.filter(legal_entity=seller).on(on)
    rows = held.values_list("country_id", "region", "scheme")
    untaxed = UntaxedSeller.objects.filter(Q(country=None) | Q(country__in=places), legal_entity=seller).on(on)
    return (
        frozenset(
            ("", "", scheme) if scheme in UNION_WIDE else (place, region, scheme)
            for place, region, scheme in rows
            if place in places or scheme in UNION_WIDE
        ),
        frozenset(str(place) for place in untaxed.values_list("country_id", flat=True)),
    )
