"""What the builder of a set shows: its components with their stock, how often it can be sold, what it saves where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import get_language

from catalog.actions.sets import SetRow
from catalog.models import PUBLIC, EffectivePrice, Product, Variant, VariantAvailability
from catalog.selling import spoken
from core.money import Money, sum_money
from markets.models import Market

MOST_FOUND = 20


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A component in the builder. `stock` is what the best supplied market can sell of it."""

    variant_id: int
    sku: str
    name: str
    options: str
    quantity: int
    price_weight: int
    optional: bool
    stock: int
    weight_g: int
    hs_code: str
    origin: str
    is_sent: bool


@dataclass(frozen=True, kw_only=True)
class MarketRow:
    """What the set costs in a market against its components one by one; None where a price is missing."""

    market: str
    set_price: Money | None
    apart: Money | None
    saving: Money | None
    sellable: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """A variant that the search found."""

    variant_id: int
    sku: str
    name: str
    options: str


@dataclass(frozen=True, kw_only=True)
class BuilderPage:
    """The builder, whole."""

    variant_id: int
    sku: str
    rows: tuple[PartRow, ...]
    markets: tuple[MarketRow, ...]
    found: tuple[Found, ...]
    weight_g: int
    lacks_customs: tuple[str, ...]
    """SKUs of components that are sent and have no goods code or no origin."""


def rows_of(variant: Variant) -> list[SetRow]:
    """The contents as they are stored."""
    return [
        SetRow(
            variant_id=row.component_variant_id,
            quantity=row.quantity,
            price_weight=row.price_weight,
            optional=row.optional,
        )
        for row in variant.components.order_by("pk")
    ]


def builder_page(variant: Variant, rows: Sequence[SetRow], *, search: str = "") -> BuilderPage:
    """The page for these contents, stored or not. Seven queries at most, whatever the set holds."""
    language = get_language() or "en"
    ids = [row.variant_id for row in rows]
    parts = Variant.objects.select_related("product__product_type").in_bulk(ids)
    stock = _stock(ids)
    shown = tuple(_part(parts[row.variant_id], row, stock, language) for row in rows if row.variant_id in parts)
    inside = [row for row in shown if not row.optional]
    return BuilderPage(
        variant_id=variant.pk,
        sku=variant.sku,
        rows=shown,
        markets=_markets(variant, inside),
        found=_found(search, exclude={variant.pk, *ids}, language=language),
        weight_g=sum(row.weight_g * row.quantity for row in inside),
        lacks_customs=tuple(row.sku for row in inside if row.is_sent and not (row.hs_code and row.origin)),
    )


def _part(part: Variant, row: SetRow, stock: dict[int, dict[int, int]], language: str) -> PartRow:
    name, options = spoken(part, language)
    return PartRow(
        variant_id=part.pk,
        sku=part.sku,
        name=name,
        options=options,
        quantity=row.quantity,
        price_weight=row.price_weight,
        optional=row.optional,
        stock=max((counts.get(part.pk, 0) for counts in stock.values()), default=0),
        weight_g=part.weight_g,
        hs_code=part.hs_code or "",
        origin=part.origin_country or "",
        is_sent=part.product.product_type.requires_shipping,
    )


def _stock(ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """By market: what it can sell of each variant."""
    found: dict[int, dict[int, int]] = {}
    rows = VariantAvailability.objects.filter(variant__in=ids).values_list("market_id", "variant_id", "available_total")
    for market_id, variant_id, total in rows:
        found.setdefault(market_id, {})[variant_id] = total
    return found


def _markets(variant: Variant, inside: Sequence[PartRow]) -> tuple[MarketRow, ...]:
    ids = [row.variant_id for row in inside]
    prices: dict[tuple[int, int], Money] = {
        (row.market_id, row.variant_id): row.amount
        for row in EffectivePrice.objects.filter(variant__in=[variant.pk, *ids], audience_key=PUBLIC, min_qty=1)
    }
    stock = _stock(ids)
    sent = [row for row in inside if row.is_sent]
    found = []
    for market in Market.objects.filter(active=True).order_by("position", "pk"):
        own = prices.get((market.pk, variant.pk))
        single = [(prices.get((market.pk, row.variant_id)), row.quantity) for row in inside]
        known = [price * count for price, count in single if price is not None]
        apart = sum_money(known, market.currency_id) if known and len(known) == len(inside) else None
        counts = stock.get(market.pk, {})
        found.append(
            MarketRow(
                market=market.name,
                set_price=own,
                apart=apart,
                saving=apart - own if own is not None and apart is not None else None,
                sellable=min((counts.get(row.variant_id, 0) // row.quantity for row in sent), default=0),
            )
        )
    return tuple(found)


def _found(search: str, *, exclude: set[int], language: str) -> tuple[Found, ...]:
    """Variants whose SKU begins with it or whose product is called so; sets and archived ones are none."""
    wanted = search.strip()
    if len(wanted) < 2:
        return ()
    rows = (
        Variant.objects.annotate(upper_sku=Upper("sku"))
        .filter(Q(upper_sku__contains=wanted.upper()) | Q(product__name__icontains=wanted))
        .exclude(pk__in=exclude)
        .exclude(status=Variant.Status.ARCHIVED)
        .exclude(product__status=Product.Status.ARCHIVED)
        .exclude(product__kind=Product.Kind.BUNDLE)
        .select_related("product")
        .order_by("product__featured_rank", "product_id", "position", "pk")[:MOST_FOUND]
    )
    return tuple(
        Found(variant_id=row.pk, sku=row.sku, name=name, options=options)
        for row in rows
        for name, options in [spoken(row, language)]
    )
