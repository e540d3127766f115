"""What the shop has of a product now: loaded in a fixed number of queries, whatever the number of variants."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from modeltrans.conf import get_available_languages

from catalog.importers.apply.attributes import Known
from catalog.importers.apply.details import Fitted
from catalog.importers.drafts import ImportedProduct
from catalog.models import (
    BundleItem,
    Price,
    Product,
    ProductAttribute,
    ProductMarket,
    Route,
    Variant,
)
from catalog.models.translations import Translated

PriceKey = tuple[int, int, int]
"""(variant id, price list id, from quantity)"""


@dataclass
class Present:
    """A product of the shop, with what the file speaks of."""

    product: Product
    category_codes: tuple[str, ...]
    option_codes: tuple[str, ...]
    variants: list[Variant]
    slugs: dict[str, str] = field(default_factory=dict)
    details: dict[int, Fitted] = field(default_factory=dict)
    offers: dict[str, ProductMarket] = field(default_factory=dict)
    prices: dict[PriceKey, Decimal] = field(default_factory=dict)
    components: dict[int, dict[str, BundleItem]] = field(default_factory=dict)


def present_of(imported: ImportedProduct) -> Present | None:
    """The product with this code as it stands; None when the shop has none."""
    links = ("product_type", "brand", "maker", "responsible_person", "primary_category")
    product = Product.objects.select_related(*links).filter(code=imported.draft.code).first()
    if product is None:
        return None
    variants = list(product.variants.exclude(status=Variant.Status.ARCHIVED).order_by("position", "pk"))
    ids = [variant.pk for variant in variants]
    here = Present(
        product=product,
        category_codes=tuple(product.categories.order_by("code").values_list("code", flat=True)),
        option_codes=tuple(product.options.order_by("position").values_list("option_type__code", flat=True)),
        variants=variants,
        slugs=dict(Route.objects.filter(product=product, current=True).values_list("language", "slug")),
    )
    if imported.details:
        here.details = _details(product)
    if imported.offers:
        here.offers = {row.market.code: row for row in product.offers.select_related("market")}
    if any(each.price or each.prices for each in imported.variants):
        rows = Price.objects.filter(variant__in=ids, derived=False)
        here.prices = {
            (variant_id, list_id, min_qty): amount
            for variant_id, list_id, min_qty, amount in rows.values_list(
                "variant_id", "price_list_id", "min_qty", "amount"
            )
        }
    if any(each.components is not None for each in imported.variants):
        here.components = _components(ids)
    return here


def words_of(row: Translated, name: str) -> dict[str, str]:
    """A field's own words per language, without what is read from another language in its place."""
    own = set(row.languages_of(name))
    return {language: row.text(name, language) for language in get_available_languages() if language in own}


def _details(product: Product) -> dict[int, Fitted]:
    rows = ProductAttribute.objects.filter(product=product).select_related("attribute", "option").order_by("pk")
    found: dict[int, Fitted] = {}
    options: defaultdict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for row in rows:
        known = Known(row.attribute)
        if row.option is not None:
            options[known.pk].append((row.option.pk, row.option.code, row.option.name))
        found[known.pk] = Fitted(
            known,
            options=tuple(options[known.pk]),
            number=row.number,
            text=words_of(row, "text_value") if row.text_value is not None else None,
            flag=row.bool_value,
            day=row.date_value,
        )
    return found


def _components(variant_ids: list[int]) -> dict[int, dict[str, BundleItem]]:
    found: dict[int, dict[str, BundleItem]] = {pk: {} for pk in variant_ids}
    for row in BundleItem.objects.filter(bundle_variant__in=variant_ids).select_related("component_variant"):
        found[row.bundle_variant_id][row.component_variant.sku] = row
    return found
