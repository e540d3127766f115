"""Variants as items of a feed, a chunk of products at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from django.conf import settings
from django.utils import timezone

from catalog.actions.wishes import address_of
from catalog.addresses import product_path
from catalog.derived.facets import VISIBLE
from catalog.exporters.google import rules
from catalog.models import (
    PUBLIC,
    Category,
    EffectivePrice,
    MediaAsset,
    OptionType,
    OptionValue,
    Product,
    ProductMedia,
    Route,
    Variant,
    VariantAvailability,
    VariantMedia,
)
from catalog.prices.view import price_view
from catalog.queries.visible import shown_in, usable_in
from catalog.sql import fetch
from markets.types import MarketContext

Item = list[tuple[str, str]]
"""Attributes in order; a repeated one occurs several times."""
IMAGE_KINDS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff")
VISIBLE_HERE = f"SELECT product_id FROM ({VISIBLE} AND m.id = %(market)s) visible ORDER BY product_id"  # noqa: S608


@dataclass
class Around:
    """What the products of a chunk refer to."""

    prices: dict[int, EffectivePrice]
    stock: dict[int, int]
    pictures: dict[int, list[MediaAsset]]
    variant_pictures: dict[int, list[MediaAsset]]
    values: dict[int, OptionValue]
    slugs: dict[int, str]
    variants: dict[int, list[Variant]] = field(default_factory=dict)


class Feed:
    """The items of a market in one language. `left_out` counts what could not be in it, by reason."""

    def __init__(self, market: MarketContext) -> None:
        self.market = market
        self.count = 0
        self.left_out: Counter[str] = Counter()
        self._shelves = {row.pk: row for row in Category.objects.all()}
        self._options = {row.pk: row for row in OptionType.objects.all()}

    def product_ids(self) -> list[int]:
        """Products that are seen in the market now."""
        return [row[0] for row in fetch(VISIBLE_HERE, {"at": timezone.now(), "market": self.market.id})]

    def items(self, ids: Sequence[int]) -> Iterator[Item]:
        """The items of these products, as far as the specification lets them in."""
        products = Product.objects.filter(pk__in=ids).select_related("brand").order_by("pk")
        around = self._around(ids)
        for product in products:
            reason = self._missing(product, around)
            variants = [row for row in around.variants.get(product.pk, []) if row.pk in around.prices]
            if reason:
                self.left_out[reason] += len(variants)
                continue
            for variant in variants:
                images = self._images(product, variant, around)
                if images:
                    yield self._item(product, variant, images, around)
                else:
                    self.left_out["no_picture"] += 1

    def _missing(self, product: Product, around: Around) -> str:
        if self.market.language not in set(product.languages_of("name")):
            return "no_translation"
        return "" if product.pk in around.slugs else "no_address"

    def _item(self, product: Product, variant: Variant, images: Sequence[str], around: Around) -> Item:
        language = self.market.language
        siblings = around.variants[product.pk]
        options = [around.values[pk] for pk in variant.value_ids if pk in around.values]
        brand = product.brand.name if product.brand else ""
        item: Item = [
            ("id", rules.identity(variant.sku)),
            ("title", rules.clipped("title", self._title(product, options))),
            ("description", rules.clipped("description", self._description(product))),
            ("link", self._link(product, variant, around)),
            ("image_link", images[0]),
            *(("additional_image_link", url) for url in images[1 : rules.MOST_IMAGES + 1]),
            *self._availability(product, variant, around),
            *_prices(around.prices[variant.pk]),
            ("condition", "new"),
            *([("brand", rules.clipped("brand", brand))] if brand else []),
            *([("gtin", variant.gtin)] if variant.gtin else []),
            *([("mpn", rules.clipped("mpn", product.model_code))] if product.model_code else []),
        ]
        if not rules.identifier_exists(gtin=variant.gtin, brand=brand, mpn=product.model_code):
            item.append(("identifier_exists", "no"))
        if len(siblings) > 1:
            item.append(("item_group_id", rules.identity(product.code)))
        item += self._options_of(options, language)
        item += self._shelf(product, language)
        if variant.weight_g:
            item.append(("shipping_weight", rules.weight(variant.weight_g)))
        if variant.content_amount is not None:
            measured = rules.measure(variant.content_amount, variant.content_unit)
            if measured:
                item += [("unit_pricing_measure", measured[0]), ("unit_pricing_base_measure", measured[1])]
        if product.kind == Product.Kind.BUNDLE:
            item.append(("is_bundle", "yes"))
        return item

    def _title(self, product: Product, options: Sequence[OptionValue]) -> str:
        name = product.text("name", self.market.language)
        chosen = ", ".join(value.text("name", self.market.language) for value in options)
        return f"{name} – {chosen}" if chosen else name

    def _description(self, product: Product) -> str:
        language = self.market.language
        return (
            rules.plain_text(product.text("description", language)).strip()
            or product.text("summary", language)
            or product.text("name", language)
        )

    def _link(self, product: Product, variant: Variant, around: Around) -> str:
        path = product_path(self.market, around.slugs[product.pk])
        return urljoin(settings.SHOP_URL, f"{path}?variant={quote(variant.sku)}")

    def _availability(self, product: Product, variant: Variant, around: Around) -> Item:
        now = timezone.now()
        if product.preorder_until is not None and product.released_at is not None and product.released_at > now:
            return [("availability", "preorder"), ("availability_date", rules.moment(product.released_at))]
        return [("availability", "in_stock" if around.stock.get(variant.pk, 0) > 0 else "out_of_stock")]

    def _images(self, product: Product, variant: Variant, around: Around) -> list[str]:
        pictures = [*around.variant_pictures.get(variant.pk, []), *around.pictures.get(product.pk, [])]
        usable = [asset for asset in pictures if asset.kind == MediaAsset.Kind.IMAGE]
        urls = [address_of(asset) for asset in usable if str(asset.file).lower().endswith(IMAGE_KINDS)]
        return [url for url in dict.fromkeys(urls) if len(url) <= rules.LONGEST["image_link"]]

    def _options_of(self, options: Sequence[OptionValue], language: str) -> Item:
        found: dict[str, str] = {}
        for value in options:
            kind = self._options[value.option_type_id]
            name = rules.attribute_of(kind.code, is_swatch=kind.input == OptionType.Input.SWATCH)
            if name:
                found.setdefault(name, rules.clipped(name, value.text("name", language)))
        return list(found.items())

    def _shelf(self, product: Product, language: str) -> Item:
        names: list[str] = []
        at = product.primary_category_id
        while at in self._shelves and len(names) < len(self._shelves):
            names.append(self._shelves[at].text("name", language))
            at = self._shelves[at].parent_id
        return [("product_type", rules.clipped("product_type", " > ".join(reversed(names))))] if names else []

    def _around(self, ids: Sequence[int]) -> Around:
        market, language = self.market.id, self.market.language
        variants: defaultdict[int, list[Variant]] = defaultdict(list)
        for row in Variant.objects.filter(product__in=ids, status="active").order_by("position", "pk"):
            variants[row.product_id].append(row)
        variant_ids = [row.pk for rows in variants.values() for row in rows]
        prices = EffectivePrice.objects.filter(variant__in=variant_ids, market=market, audience_key=PUBLIC, min_qty=1)
        stock = VariantAvailability.objects.filter(variant__in=variant_ids, market=market)
        routes = Route.objects.filter(product__in=ids, language=language, current=True)
        values = {pk for rows in variants.values() for row in rows for pk in row.value_ids}
        return Around(
            prices={row.variant_id: row for row in prices.select_related("price_list")},
            stock=dict(stock.values_list("variant_id", "available_total")),
            pictures=self._pictures(ids),
            variant_pictures=self._variant_pictures(variant_ids),
            values={row.pk: row for row in OptionValue.objects.filter(pk__in=values)},
            slugs=dict(routes.values_list("product_id", "slug")),
            variants=variants,
        )

    def _pictures(self, ids: Sequence[int]) -> dict[int, list[MediaAsset]]:
        """A market's own pictures come first, others' are left out, as on the product page."""
        found: defaultdict[int, list[MediaAsset]] = defaultdict(list)
        rows = ProductMedia.objects.filter(
            shown_in(self.market.id), product__in=ids, role=ProductMedia.Role.GALLERY, asset__kind="image"
        ).select_related("asset")
        for row in sorted(rows.order_by("position", "pk"), key=lambda each: each.market_id is None):
            if row.asset not in found[row.product_id]:
                found[row.product_id].append(row.asset)
        return found

    def _variant_pictures(self, variant_ids: Sequence[int]) -> dict[int, list[MediaAsset]]:
        """Which pictures show which variants, without those kept for another market, as on the product page."""
        found: defaultdict[int, list[MediaAsset]] = defaultdict(list)
        rows = VariantMedia.objects.filter(usable_in(self.market.id), variant__in=variant_ids).select_related("asset")
        for row in rows.order_by("position", "pk"):
            found[row.variant_id].append(row.asset)
        return found


def _prices(shown: EffectivePrice) -> Item:
    """The prices as the product page shows them: a reduction only where the page announces one."""
    view = price_view(shown.amount, list_amount=shown.list_amount, prior_low=shown.prior_low)
    if view.was is None:
        return [("price", rules.price(view.now))]
    item: Item = [("price", rules.price(view.was)), ("sale_price", rules.price(view.now))]
    during = shown.price_list.during
    if during and during.lower and during.upper:
        item.append(("sale_price_effective_date", rules.period(during.lower, during.upper)))
    return item
