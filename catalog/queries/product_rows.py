"""The rows of a product page: six queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, F, FilteredRelation, Func, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, JSONObject, Least

from catalog.derived.facets import EVERYTHING
from catalog.errors import NotFound
from catalog.models import (
    PUBLIC,
    EffectivePrice,
    FacetDef,
    FacetRow,
    Product,
    ProductAttribute,
    ProductMarket,
    ProductMedia,
    ProductOption,
    Route,
    Variant,
    VariantMedia,
)
from catalog.models.translations import pick_text
from catalog.pictures import FIELDS
from catalog.prices.own import own_prices
from catalog.queries.routes import find_product
from catalog.queries.visible import closed, shown_in, usable_in
from catalog.stock import stock_in
from core.money import Money
from markets.types import MarketContext


class EndOfRange(Func):
    """The day a range of times ends, in UTC; nothing for one without an end."""

    template = "(UPPER(%(expressions)s) AT TIME ZONE 'UTC')::date"
    output_field = DateField()


ASSET = {f"asset_{name}": F(f"asset__{name}") for name in (*FIELDS, "kind", "captions", "poster__file")}


@dataclass(frozen=True)
class VariantRow:
    """An active variant with its price and stock in the market."""

    id: int
    sku: str
    gtin: str
    value_ids: Sequence[int]
    weight_g: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    hs_code: str | None
    origin_country: str | None
    content_amount: Decimal | None
    content_unit: str
    purchase_limit: int | None
    max_cart_qty: int | None
    amount: Decimal
    currency: str
    list_amount: Decimal | None
    prior_low: Decimal | None
    price_until: date | None
    """The day the present price ends, where its list has an end."""
    available: int | None
    place: str | None
    release_on: date | None = None
    """The first day it leaves, while it is on pre-sale."""
    presale_left: int | None = None
    presale_limit: int | None = None
    battery_flag: bool = False
    restricted_flags: Sequence[str] = ()
    tiers: Sequence[Mapping[str, str]] = ()
    """Prices from more than one piece on, by quantity: `quantity` and `amount` as they are written in decimals."""
    own: bool = False
    """The price of a group the shopper belongs to."""


def product_row(market: MarketContext, slug: str) -> Product:
    """The visible product of a current slug, with what belongs to it. Raises `NotFound` or `MovedTo`."""
    routes = Route.objects.filter(product=OuterRef("pk"), current=True)
    offer = ProductMarket.objects.filter(product=OuterRef("pk"), market=market.id)
    shown = FacetRow.objects.filter(product=OuterRef("pk"), facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING)
    product = (
        Product.objects.filter(routes__slug=slug, routes__language=market.language, routes__current=True)
        .select_related("brand", "maker", "responsible_person", "product_type")
        .annotate(
            slugs=ArraySubquery(routes.values(json=JSONObject(language="language", slug="slug"))),
            option_type_ids=ArraySubquery(
                ProductOption.objects.filter(product=OuterRef("pk")).order_by("position", "pk").values("option_type_id")
            ),
            offer=Subquery(
                offer.values(
                    json=JSONObject(html="copy_override_html", i18n="i18n", only_own="own_media_only"),
                )[:1]
            ),
            is_closed=closed(OuterRef("pk"), market.id),
            market_ids=ArraySubquery(shown.values("market_id")),
        )
        .first()
    )
    if product is None:
        find_product(market, slug)
        raise NotFound
    if market.id not in product.market_ids or product.is_closed:
        raise NotFound
    return product


def market_copy(product: Product, language: str) -> str:
    """The market's own words about the product in a language, from what `product_row` read with it."""
    offer: dict[str, Any] = product.offer or {}  # type: ignore[attr-defined]  # annotated by product_row
    return pick_text(offer.get("html") or "", offer.get("i18n"), "copy_override_html", language)


def variant_rows(market: MarketContext, product: Product) -> list[VariantRow]:
    """Active variants that have a price in the market, in order. One query, and one for who has prices of their own."""
    priced = FilteredRelation(
        "effective_prices",
        condition=Q(
            effective_prices__market=market.id,
            effective_prices__audience_key=PUBLIC,
            effective_prices__min_qty=1,
        ),
    )
    tiers = EffectivePrice.objects.filter(
        variant=OuterRef("pk"), market=market.id, audience_key=PUBLIC, min_qty__gt=1, amount_currency=market.currency
    ).order_by("min_qty")
    rows = (
        Variant.objects.filter(product=product, status=Variant.Status.ACTIVE)
        .annotate(
            price=priced,
            stock=stock_in(market.id),
            ahead=FilteredRelation("presale", condition=Q(presale__released_at__isnull=True)),
        )
        .filter(price__amount__isnull=False)
        .order_by("position", "pk")
        .values(
            "id", "sku", "gtin", "value_ids", "weight_g", "length_mm", "width_mm", "height_mm", "hs_code",
            "origin_country", "content_amount", "content_unit", "purchase_limit", "max_cart_qty", "battery_flag",
            "restricted_flags",
            amount=F("price__amount"),
            currency=F("price__amount_currency"),
            list_amount=F("price__list_amount"),
            prior_low=F("price__prior_low"),
            price_until=EndOfRange(F("price__price_list__during")),
            available=F("stock__available_total"),
            place=F("stock__place_code"),
            tiers=ArraySubquery(
                tiers.values(json=JSONObject(quantity=_as_text("min_qty"), amount=_as_text("amount")))
            ),
            release_on=F("ahead__release_on"),
            presale_left=F("ahead__most_in_all") - F("ahead__sold"),
            presale_limit=Least("ahead__most_per_order", "ahead__most_per_customer"),
        )
    )  # fmt: skip
    return _owned(market, [VariantRow(**row) for row in rows])


def _owned(market: MarketContext, rows: list[VariantRow]) -> list[VariantRow]:
    """The same for somebody with prices of their own, which everybody's reductions do not concern."""
    own = own_prices(market, {row.id: Money(row.amount, row.currency) for row in rows})
    return [
        replace(row, amount=own[row.id].amount, list_amount=None, prior_low=None, price_until=None, own=True)
        if row.id in own
        else row
        for row in rows
    ]


def _as_text(name: str) -> Cast:
    """A number that goes through JSON: never as a float."""
    return Cast(name, TextField())


def media_rows(market: MarketContext, product: Product) -> list[dict[str, Any]]:
    """The product's pictures with their roles, those of this market first; some markets show no others. One query."""
    rows = (
        ProductMedia.objects.filter(shown_in(market.id), product=product)
        .order_by(F("market").asc(nulls_last=True), "position", "pk")
        .values("asset_id", "role", **ASSET)
    )
    return [dict(row) for row in rows]


def variant_media_rows(market: MarketContext, variant_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Which pictures show which variants, without those kept for another market. One query."""
    rows = (
        VariantMedia.objects.filter(usable_in(market.id), variant__in=variant_ids)
        .order_by("position", "pk")
        .values("variant_id", "asset_id", **ASSET)
    )
    return [dict(row) for row in rows]


def attribute_rows(product: Product) -> list[ProductAttribute]:
    """Structured details in their order. One query."""
    return list(
        ProductAttribute.objects.filter(product=product)
        .select_related("attribute", "option")
        .order_by("attribute__position", "attribute_id", "option__position", "pk")
    )
