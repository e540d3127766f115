"""What the cart needs to know about variants: four queries for any number of them, five when a set is among them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, F, OuterRef

from catalog.addresses import current_slug, product_path
from catalog.derived.facets import EVERYTHING
from catalog.listing.vocabulary import ValueInfo, option_values
from catalog.models import FacetDef, FacetRow, Product, Variant, VariantMedia
from catalog.models.translations import pick_text
from catalog.pictures import FIELDS, picture_of
from catalog.queries.cards import gallery_starts
from catalog.queries.product_facts import joined
from catalog.queries.visible import closed
from catalog.sets import parts_of
from catalog.types import Picture, Sellable, SetPart, SoldAhead
from markets.queries import market_by_code
from markets.types import MarketContext


def sellables(variant_ids: Collection[int], market: str, language: str) -> dict[int, Sellable]:
    """Facts of these variants in a market and language. Unknown ids are absent; unsellable ones say so."""
    if not variant_ids:
        return {}
    context = market_by_code(market, language=language)
    rows = list(_rows(context, variant_ids))
    slugs = _slugs(context, {row["product_id"] for row in rows})
    pictures = _pictures(context, rows)
    values = option_values(context.language)
    parts = parts_of([row["id"] for row in rows if row["kind"] == Product.Kind.BUNDLE], context.language)
    found = {row["id"]: _sellable(context, row, slugs, pictures, values) for row in rows}
    return {pk: _as_set(one, parts.get(pk, ())) if one.is_set else one for pk, one in found.items()}


def _rows(market: MarketContext, variant_ids: Collection[int]) -> Any:
    shown = FacetRow.objects.filter(
        product=OuterRef("product"), market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING
    )
    return (
        Variant.objects.filter(pk__in=list(variant_ids))
        .annotate(shown=Exists(shown), closed=closed(OuterRef("product"), market.id))
        .values(
            "id", "product_id", "sku", "status", "value_ids", "weight_g", "hs_code", "hs_local",
            "origin_country", "customs_description", "battery_flag", "restricted_flags", "purchase_limit",
            "max_cart_qty", "shown", "closed",
            kind=F("product__kind"),
            supply=F("product__product_type__kind"),
            release_on=F("presale__release_on"),
            presold=F("presale__sold"),
            presale_limit=F("presale__most_in_all"),
            presale_per_order=F("presale__most_per_order"),
            presale_per_customer=F("presale__most_per_customer"),
            released_at=F("presale__released_at"),
            product_name=F("product__name"),
            product_i18n=F("product__i18n"),
            product_status=F("product__status"),
            tax_category=F("product__tax_category_id"),
            requires_shipping=F("product__product_type__requires_shipping"),
        )
    )  # fmt: skip


def _slugs(market: MarketContext, product_ids: Collection[int]) -> dict[int, str]:
    rows = Product.objects.filter(pk__in=product_ids).annotate(slug=current_slug("product", market.language))
    return dict(rows.values_list("pk", "slug"))


def _pictures(market: MarketContext, rows: list[Mapping[str, Any]]) -> dict[int, Picture]:
    """The first picture of each variant, else the first of its product."""
    media = VariantMedia.objects.filter(variant__in=[row["id"] for row in rows]).order_by("-position", "-pk")
    own = {row["variant_id"]: row for row in media.values("variant_id", **{n: F(f"asset__{n}") for n in FIELDS})}
    shared = gallery_starts(market, {row["product_id"] for row in rows})
    found = {}
    for row in rows:
        asset = own.get(row["id"]) or next(iter(shared.get(row["product_id"], ())), None)
        if asset is not None:
            found[row["id"]] = picture_of(asset, market.language, fallback_alt=_name(row, market.language))
    return found


def _sellable(
    market: MarketContext,
    row: Mapping[str, Any],
    slugs: Mapping[int, str],
    pictures: Mapping[int, Picture],
    values: Mapping[int, ValueInfo],
) -> Sellable:
    limits = [limit for limit in (row["purchase_limit"], row["max_cart_qty"]) if limit is not None]
    return Sellable(
        variant_id=row["id"],
        product_id=row["product_id"],
        sku=row["sku"],
        name=_name(row, market.language),
        options_text=_options(row["value_ids"], values),
        picture=pictures.get(row["id"]),
        weight_g=row["weight_g"],
        hs_code=row["hs_code"] or "",
        origin=row["origin_country"] or "",
        tax_category=row["tax_category"],
        purchase_limit=min(limits) if limits else None,
        product_url=f"{product_path(market, slugs[row['product_id']])}?variant={row['sku']}",
        requires_shipping=row["requires_shipping"],
        is_sellable=_is_sellable(row),
        customs_description=row["customs_description"],
        supply=row["supply"],
        is_set=row["kind"] == Product.Kind.BUNDLE,
        ahead=_ahead(row),
        flags=frozenset([*row["restricted_flags"], "battery"] if row["battery_flag"] else row["restricted_flags"]),
        local_codes=row["hs_local"],
    )


def _as_set(one: Sellable, parts: tuple[SetPart, ...]) -> Sellable:
    """A set weighs what its components weigh, is as dangerous as each of them, and is sold as long as all are."""
    return replace(
        one,
        parts=parts,
        weight_g=sum(part.weight_g * part.quantity for part in parts),
        flags=one.flags.union(*(part.flags for part in parts)),
        is_sellable=one.is_sellable and bool(parts) and not any(part.is_archived for part in parts),
    )


def _ahead(row: Mapping[str, Any]) -> SoldAhead | None:
    if row["release_on"] is None or row["released_at"] is not None:
        return None
    most = row["presale_limit"]
    return SoldAhead(
        release_on=row["release_on"],
        left=None if most is None else max(most - row["presold"], 0),
        per_order=row["presale_per_order"],
        per_customer=row["presale_per_customer"],
    )


def _is_sellable(row: Mapping[str, Any]) -> bool:
    is_live = row["status"] == "active" and row["product_status"] == "active"
    return bool(is_live and row["shown"] and not row["closed"])


def spoken(variant: Variant, language: str) -> tuple[str, str]:
    """Name and options of a variant whose product was read with it, in any language. No queries when warm."""
    return variant.product.text("name", language), _options(variant.value_ids, option_values(language))


def _options(value_ids: Collection[int], values: Mapping[int, ValueInfo]) -> str:
    chosen = sorted((values[pk] for pk in value_ids if pk in values), key=lambda v: (v.type_position, v.type_id))
    return joined([value.label for value in chosen])


def _name(row: Mapping[str, Any], language: str) -> str:
    return pick_text(row["product_name"], row["product_i18n"], "name", language)
