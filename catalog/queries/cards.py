"""Products in a grid: three queries for any number of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from catalog import clock
from catalog.addresses import current_slug, product_path
from catalog.cache import remembered
from catalog.derived.facets import EVERYTHING
from catalog.listing.matching import first_of
from catalog.listing.selection import BESTSELLING, NEWEST
from catalog.listing.vocabulary import ValueInfo, option_values
from catalog.models import PUBLIC, EffectivePrice, FacetDef, FacetRow, MediaAsset, Product, ProductMedia, Variant
from catalog.models.translations import pick_text
from catalog.pictures import FIELDS, picture_of
from catalog.prices.own import own_prices
from catalog.prices.unit import unit_text
from catalog.prices.view import price_view, spread
from catalog.queries.visible import shown_in
from catalog.stock import stock_in
from catalog.types import Card, Picture, PriceView, Swatch
from core.money import Money
from markets.types import MarketContext


@dataclass(frozen=True)
class Offer:
    """A variant with its price in the market, as cards need it."""

    variant_id: int
    product_id: int
    value_ids: tuple[int, ...]
    amount: Money
    list_amount: Money | None
    prior_low: Money | None
    available: int
    content_amount: Decimal | None
    content_unit: str
    own: bool = False
    """The price of a group the shopper belongs to."""


def cards_for(market: MarketContext, product_ids: Sequence[int]) -> tuple[Card, ...]:
    """Cards in the order given; products without a price in the market are left out."""
    if not product_ids:
        return ()
    rows = {row["pk"]: row for row in _products(market, product_ids)}
    offers = offers_of(market, product_ids)
    pictures = gallery_starts(market, product_ids)
    values = option_values(market.language)
    today = clock.today()
    return tuple(
        _card(market, rows[pk], offers[pk], pictures.get(pk, []), values, today)
        for pk in product_ids
        if pk in rows and pk in offers
    )


def bestsellers(market: MarketContext, limit: int) -> tuple[Card, ...]:
    """What the market bought most in ninety days; where that is the same, what the shop puts first."""
    key = ("bestsellers", market.code, limit)
    return cards_for(market, remembered(key, lambda: first_of(market.id, BESTSELLING, limit)))


def new_products(market: MarketContext, limit: int) -> tuple[Card, ...]:
    """What is marked as new, the latest first; filled up with the latest arrivals."""
    return cards_for(market, remembered(("new", market.code, limit), lambda: _newest(market, limit)))


def offers_of(market: MarketContext, product_ids: Iterable[int]) -> dict[int, list[Offer]]:
    """Active variants with their price for whoever asks, per product in their order.

    One query, and a second for members of a group with prices of its own.
    """
    rows = (
        EffectivePrice.objects.filter(
            market=market.id,
            audience_key=PUBLIC,
            min_qty=1,
            variant__product__in=list(product_ids),
            variant__status=Variant.Status.ACTIVE,
        )
        .annotate(stock=stock_in(market.id, "variant__availabilities"))
        .order_by("variant__position", "variant_id")
        .values_list(
            "variant_id",
            "variant__product_id",
            "variant__value_ids",
            "amount",
            "amount_currency",
            "list_amount",
            "prior_low",
            "stock__available_total",
            "variant__content_amount",
            "variant__content_unit",
        )
    )
    offers: dict[int, list[Offer]] = {}
    for variant, product, values, amount, currency, list_amount, prior, available, content, unit in rows:
        offers.setdefault(product, []).append(
            Offer(
                variant_id=variant,
                product_id=product,
                value_ids=tuple(values),
                amount=Money(amount, currency),
                list_amount=None if list_amount is None else Money(list_amount, currency),
                prior_low=None if prior is None else Money(prior, currency),
                available=available or 0,
                content_amount=content,
                content_unit=unit,
            )
        )
    own = own_prices(market, {one.variant_id: one.amount for group in offers.values() for one in group})
    return {pk: [_owned(one, own) for one in group] for pk, group in offers.items()} if own else offers


def _owned(offer: Offer, own: Mapping[int, Money]) -> Offer:
    amount = own.get(offer.variant_id)
    return offer if amount is None else replace(offer, amount=amount, list_amount=None, prior_low=None, own=True)


def gallery_starts(market: MarketContext, product_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The pictures of galleries in their order, each once, those of this market first. One query."""
    rows = (
        ProductMedia.objects.filter(
            shown_in(market.id),
            product__in=list(product_ids),
            role=ProductMedia.Role.GALLERY,
            asset__kind=MediaAsset.Kind.IMAGE,
        )
        .order_by(F("market").asc(nulls_last=True), "position", "pk")
        .values("product_id", "asset_id", **{name: F(f"asset__{name}") for name in FIELDS})
    )
    found: dict[int, list[dict[str, Any]]] = {}
    seen: set[tuple[int, int]] = set()
    row: dict[str, Any]
    for row in rows:  # type: ignore[assignment] # the stubs do not follow the asset's columns
        place = row["product_id"], row.pop("asset_id")
        if place not in seen:
            seen.add(place)
            found.setdefault(row["product_id"], []).append(row)
    return found


def lowest_price(market: MarketContext, offers: Sequence[Offer]) -> PriceView:
    """The lowest price of several variants, as "from" when they differ."""
    best = min(offers, key=lambda offer: offer.amount.amount)
    return price_view(
        best.amount,
        list_amount=best.list_amount,
        prior_low=best.prior_low,
        from_price=spread([offer.amount for offer in offers]),
        unit=unit_text(best.amount, best, market),
        own=best.own,
    )


def _newest(market: MarketContext, limit: int) -> tuple[int, ...]:
    shown = FacetRow.objects.filter(market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING)
    marked = Product.objects.filter(new_until__gte=clock.today(), pk__in=shown.values("product_id"))
    ids = marked.order_by(F("new_until").desc(), "-released_at", "-pk").values_list("pk", flat=True)[:limit]
    return tuple(dict.fromkeys((*ids, *first_of(market.id, NEWEST, limit))))[:limit]


def _products(market: MarketContext, product_ids: Sequence[int]) -> Any:
    return (
        Product.objects.filter(pk__in=product_ids)
        .annotate(slug=current_slug("product", market.language))
        .values(
            "pk",
            "slug",
            "name",
            "i18n",
            "brand__name",
            "rating_avg",
            "rating_count",
            "new_until",
            "preorder_until",
            "released_at",
            "product_type__requires_shipping",
        )
    )


def _card(
    market: MarketContext,
    row: Mapping[str, Any],
    offers: list[Offer],
    media: list[dict[str, Any]],
    values: Mapping[int, ValueInfo],
    today: date,
) -> Card:
    name = pick_text(row["name"], row["i18n"], "name", market.language)
    pictures: list[Picture] = [picture_of(one, market.language, fallback_alt=name) for one in media[:2]]
    price = lowest_price(market, offers)
    return Card(
        product_id=row["pk"],
        url=product_path(market, row["slug"]),
        name=name,
        brand=row["brand__name"] or "",
        picture=pictures[0] if pictures else None,
        second_picture=pictures[1] if len(pictures) > 1 else None,
        price=price,
        rating=row["rating_avg"],
        review_count=row["rating_count"],
        swatches=_swatches(offers, values),
        tags=tags_of(row["new_until"], price, today),
        variant_count=len(offers),
        only_variant_id=offers[0].variant_id if len(offers) == 1 else None,
        in_stock=_can_be_bought(row, offers),
        releases_on=_releases_on(row),
    )


def _releases_on(row: Mapping[str, Any]) -> date | None:
    """The first day of a pre-sale that goes on."""
    now = clock.now()
    begins, ends = row["released_at"], row["preorder_until"]
    return begins.date() if begins is not None and ends is not None and begins > now and ends > now else None


def tags_of(new_until: date | None, price: PriceView, today: date) -> tuple[str, ...]:
    """Which of "sale" and "new" a product wears."""
    tags = []
    if price.percent is not None:
        tags.append("sale")
    if new_until is not None and new_until >= today:
        tags.append("new")
    return tuple(tags)


def _swatches(offers: list[Offer], values: Mapping[int, ValueInfo]) -> tuple[Swatch, ...]:
    seen: dict[int, ValueInfo] = {}
    for offer in offers:
        for pk in offer.value_ids:
            value = values.get(pk)
            if value is not None and value.input == "swatch":
                seen[pk] = value
    ordered = sorted(seen.values(), key=lambda value: (value.position, value.id))
    return tuple(Swatch(value.label, value.hex or "") for value in ordered)


def _can_be_bought(row: Mapping[str, Any], offers: list[Offer]) -> bool:
    if _releases_on(row) is not None and not any(offer.available > 0 for offer in offers):
        return False
    waits = row["preorder_until"] is not None and row["preorder_until"] > clock.now()
    return waits or not row["product_type__requires_shipping"] or any(offer.available > 0 for offer in offers)
