"""What the shop has of a product now: loaded in a fixed number of queries, whatever the number of variants."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.importers.apply.attributes import Known
from catalog.importers.apply.details import Fitted
from catalog.importers.apply.targets import Target
from catalog.importers.drafts import ImportedProduct
from catalog.models import (
    AttributeDef,
    BundleItem,
    Price,
    Product,
    ProductAttribute,
    ProductMarket,
    Route,
    Variant,
)
from catalog.models.translations import Translated

LINKS = ("product_type", "brand", "maker", "responsible_person", "primary_category")
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


def present_of(target: Target, imported: ImportedProduct) -> Present | None:
    """The product with this code as it stands; None when the shop has none."""
    found = Product.objects.filter(code=imported.draft.code).order_by().values_list("pk", flat=True)[:1]
    if not found:
        return None
    product = Product.objects.select_related(*LINKS).order_by().get(pk=found[0])
    variants = list(product.variants.order_by("position", "pk"))
    ids = [variant.pk for variant in variants]
    here = Present(
        product=product,
        category_codes=tuple(product.categories.order_by("code").values_list("code", flat=True)),
        option_codes=tuple(product.options.order_by("position").values_list("option_type__code", flat=True)),
        variants=variants,
        slugs=dict(Route.objects.filter(product=product, current=True).values_list("language", "slug")),
    )
    if imported.details:
        here.details = _details(target, product)
    if imported.offers:
        here.offers = {row.market.code: row for row in product.offers.select_related("market")}
    if any(each.price is not None or each.prices for each in imported.variants):
        rows: Iterable[tuple[int, int, int, Any]] = Price.objects.filter(variant__in=ids, derived=False).values_list(
            "variant_id", "price_list_id", "min_qty", "amount"
        )
        here.prices = {(variant_id, list_id, min_qty): amount for variant_id, list_id, min_qty, amount in rows}
    if any(each.components is not None for each in imported.variants):
        here.components = _components(ids)
    return here


def words_of(row: Translated, name: str) -> dict[str, str]:
    """A field's own words per language, without what is read from another language in its place."""
    own = set(row.languages_of(name))
    return {language: row.text(name, language) for language in get_available_languages() if language in own}


def _details(target: Target, product: Product) -> dict[int, Fitted]:
    """By attribute. Values only: a product may have very many, and rows of models cost ten times as much."""
    rows = ProductAttribute.objects.filter(product=product).order_by("pk").values_list(
        "attribute_id", "option_id", "option__code", "option__name", "number", "text_value", "i18n", "bool_value",
        "date_value",
    )  # fmt: skip
    found: dict[int, Fitted] = {}
    for attribute_id, option_id, code, name, number, text, i18n, flag, day in rows:
        known = target.memory("attributes by id").get(attribute_id, partial(_known, attribute_id))
        before = found[attribute_id].options if attribute_id in found else ()
        found[attribute_id] = Fitted(
            known,
            options=(*before, (option_id, code, name)) if option_id else (),
            number=number,
            text=_words(text, i18n or {}) if text is not None else None,
            flag=flag,
            day=day,
        )
    return found


def _known(attribute_id: int) -> Known:
    return Known(AttributeDef.objects.get(pk=attribute_id))


def _words(text: str, i18n: dict[str, str]) -> dict[str, str]:
    """A detail's own words per language."""
    words = {get_default_language(): text} if text else {}
    for language in get_available_languages(include_default=False):
        translated = i18n.get(build_localized_fieldname("text_value", language))
        if translated:
            words[language] = translated
    return words


def _components(variant_ids: list[int]) -> dict[int, dict[str, BundleItem]]:
    found: dict[int, dict[str, BundleItem]] = {pk: {} for pk in variant_ids}
    for row in BundleItem.objects.filter(bundle_variant__in=variant_ids).select_related("component_variant"):
        found[row.bundle_variant_id][row.component_variant.sku] = row
    return found
