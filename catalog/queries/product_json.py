"""A product in schema.org's words. Addresses are paths: the view makes them absolute. Pure."""

from dataclasses import dataclass
from datetime import date

from catalog.models import Product
from catalog.queries.product_rows import VariantRow
from catalog.types import Picture, PriceView, StockState
from markets.types import MarketContext

AVAILABILITY = {
    "in_stock": "https://schema.org/InStock",
    "low": "https://schema.org/LimitedAvailability",
    "out": "https://schema.org/OutOfStock",
    "preorder": "https://schema.org/PreOrder",
}


@dataclass(frozen=True)
class OfferFacts:
    """What is offered: the address, the price and whether it can be had."""

    url: str
    price: PriceView
    state: StockState
    pictures: tuple[Picture, ...]


def product_json_ld(
    product: Product, row: VariantRow | None, offer: OfferFacts, market: MarketContext
) -> dict[str, object]:
    """Product with its offer in this market, and its rating where it has one."""
    found: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.text("name", market.language),
        "description": product.text("summary", market.language),
        "image": [picture.url for picture in offer.pictures[:4]],
        "sku": row.sku if row else product.code,
        "offers": _offer(offer, market, row.price_until if row else None),
    }
    if row is not None and row.gtin:
        found["gtin"] = row.gtin
    if product.model_code:
        found["mpn"] = product.model_code
    if product.brand is not None:
        found["brand"] = {"@type": "Brand", "name": product.brand.name}
    if product.rating_count:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(product.rating_avg),
            "reviewCount": product.rating_count,
        }
    return found


def _offer(offer: OfferFacts, market: MarketContext, until: date | None) -> dict[str, object]:
    price = offer.price
    amount, currency = f"{price.now.amount.normalize():f}", price.now.currency.code
    found: dict[str, object] = {
        "@type": "Offer",
        "url": offer.url,
        "price": amount,
        "priceCurrency": currency,
        "availability": AVAILABILITY[offer.state],
        "itemCondition": "https://schema.org/NewCondition",
        "eligibleRegion": [{"@type": "Country", "name": code} for code in market.countries],
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": amount,
            "priceCurrency": currency,
            "valueAddedTaxIncluded": market.prices_contain_tax,
        },
    }
    if until is not None:
        found["priceValidUntil"] = until.isoformat()
    if market.return_days:
        found["hasMerchantReturnPolicy"] = _returns(market)
    return found


def _returns(market: MarketContext) -> dict[str, object]:
    """How long goods can be sent back, per country of the market."""
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": list(market.countries),
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": market.return_days,
        "returnMethod": "https://schema.org/ReturnByMail",
    }
