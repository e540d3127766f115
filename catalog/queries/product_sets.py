"""Sets: what one holds and what it saves, and which sets hold a product."""

from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.db.models import F, OuterRef, Subquery

from catalog.addresses import current_slug, product_path
from catalog.cache import remembered
from catalog.listing.vocabulary import option_values
from catalog.models import PUBLIC, BundleItem, EffectivePrice, Product
from catalog.models.translations import pick_text
from catalog.queries.product_facts import joined
from catalog.queries.product_rows import VariantRow
from catalog.queries.visible import visible_ids
from catalog.types import SetContents, SetItem
from core.money import Money
from markets.types import MarketContext

MOST_SETS = 4
WHOLE = Decimal(100)


def contents_of(market: MarketContext, product: Product, row: VariantRow | None) -> SetContents | None:
    """What the chosen set holds, and what its parts cost alone; nothing for what is no set. Three queries for a set."""
    if product.kind != Product.Kind.BUNDLE or row is None:
        return None
    found = _items(market, row.id)
    items = tuple(item for item, optional in found if not optional)
    extras = tuple(item for item, optional in found if optional and item.url)
    if not items:
        return None
    prices = [item.price * item.quantity for item in items if item.price is not None]
    if len(prices) < len(items):
        return SetContents(items, extras)
    apart = sum(prices[1:], prices[0])
    saving = apart - Money(row.amount, row.currency)
    if saving.amount <= 0:
        return SetContents(items, extras)
    percent = (saving.amount / apart.amount * WHOLE).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return SetContents(items, extras, apart, saving, int(percent))


def set_ids(market: MarketContext, product_id: int) -> tuple[int, ...]:
    """The sets that hold the product and that the market shows. Kept in memory."""
    return remembered(("sets with", market.code, product_id), lambda: _set_ids(market, product_id))


def _set_ids(market: MarketContext, product_id: int) -> tuple[int, ...]:
    rows = BundleItem.objects.filter(component_variant__product=product_id, optional=False).order_by(
        "bundle_variant__product"
    )
    ids: Sequence[int] = list(rows.values_list("bundle_variant__product", flat=True).distinct())
    shown = visible_ids(market, ids) if ids else frozenset()
    return tuple(pk for pk in ids if pk in shown)[:MOST_SETS]


def _items(market: MarketContext, variant_id: int) -> tuple[tuple[SetItem, bool], ...]:
    """The parts with the price each has alone, and whether each is an extra that is not in the set's price."""
    price = EffectivePrice.objects.filter(
        variant=OuterRef("component_variant"), market=market.id, audience_key=PUBLIC, min_qty=1
    )
    rows = (
        BundleItem.objects.filter(bundle_variant=variant_id)
        .annotate(
            amount=Subquery(price.values("amount")[:1]),
            currency=Subquery(price.values("amount_currency")[:1]),
        )
        .order_by("pk")
        .values(
            "quantity",
            "optional",
            "component_variant_id",
            "amount",
            "currency",
            product=F("component_variant__product"),
            name=F("component_variant__product__name"),
            i18n=F("component_variant__product__i18n"),
            value_ids=F("component_variant__value_ids"),
            sku=F("component_variant__sku"),
            weight_g=F("component_variant__weight_g"),
        )
    )
    found = list(rows)
    values, slugs = option_values(market.language), _slugs(market, {row["product"] for row in found})
    return tuple(
        (
            SetItem(
                name=pick_text(row["name"], row["i18n"], "name", market.language),
                options=joined([values[pk].label for pk in row["value_ids"] if pk in values]),
                url=_address(market, slugs.get(row["product"]), row["sku"]),
                quantity=row["quantity"],
                price=None if row["amount"] is None else Money(row["amount"], row["currency"]),
                variant_id=row["component_variant_id"],
                weight_g=row["weight_g"],
            ),
            row["optional"],
        )
        for row in found
    )


def _slugs(market: MarketContext, product_ids: Collection[int]) -> dict[int, str]:
    """Of those that can be looked at alone."""
    shown = visible_ids(market, product_ids)
    rows = Product.objects.filter(pk__in=shown).annotate(slug=current_slug("product", market.language))
    return dict(rows.values_list("pk", "slug"))


def _address(market: MarketContext, slug: str | None, sku: str) -> str:
    return f"{product_path(market, slug)}?{urlencode({'variant': sku})}" if slug else ""
