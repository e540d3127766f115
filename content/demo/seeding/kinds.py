"""One set, one pre-sale and one download: the kinds of products the drawn catalogue has none of."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from catalog.actions.downloads import add_file, set_download_terms
from catalog.actions.media import set_gallery
from catalog.actions.presales import PresaleTerms, put_presale
from catalog.actions.prices import NewPrice, PriceListDraft, open_price_list, set_prices
from catalog.actions.products import activate_product, create_product
from catalog.actions.sets import SetRow, build_set
from catalog.actions.variants import add_variant
from catalog.actions.vocabulary import put_product_type
from catalog.drafts import GalleryPicture, ProductDraft, VariantDraft
from catalog.models import Presale, Product, ProductMedia, ProductType, Variant, VariantFile
from content.demo.seeding.prices import price_of
from content.demo.seeding.vocabulary import RESPONSIBLE
from content.demo.texts import table, words
from markets.models import Market

DOWNLOADS = Path(__file__).parents[1] / "downloads"
LAST = 990


def seed_kinds() -> None:
    """Made once; an operator's later changes stay."""
    put_product_type(code="download", name="Download", kind=ProductType.Kind.VIRTUAL, requires_shipping=False)
    for place, row in enumerate(table("kinds")):
        if not Product.objects.filter(code=row["code"]).exists():
            _make(row, place)


def _make(row: dict[str, Any], place: int) -> None:
    product = create_product(draft=_draft(row, place))
    variant = add_variant(
        product_id=product.pk,
        draft=VariantDraft(
            sku=row["sku"], weight_g=row["weight_g"], hs_code=row["hs_code"], origin_country=row["origin"]
        ),
    )
    _price(variant, row)
    _picture(product, row["pictures"])
    if row["kind"] == Product.Kind.BUNDLE:
        build_set(variant_id=variant.pk, rows=_components(row["components"]))
    if "download" in row:
        _offer(variant, row["download"])
    activate_product(product_id=product.pk)
    if "presale" in row:
        _sell_ahead(variant, row["presale"])


def _draft(row: dict[str, Any], place: int) -> ProductDraft:
    texts = {field: words(row[field]) for field in ("name", "summary", "selling_points")}
    paragraphs = {language: f"<p>{text}</p>" for language, text in words(row["description"]).items()}
    return ProductDraft(
        code=row["code"],
        kind=row["kind"],
        product_type=row["product_type"],
        texts={**texts, "description": paragraphs, "meta_title": texts["name"], "meta_description": texts["summary"]},
        slugs=words(row["slug"]),
        brand=row["brand"],
        maker=row["brand"],
        responsible_person=RESPONSIBLE,
        primary_category=row["category"],
        featured_rank=LAST + place,
    )


def _price(variant: Variant, row: dict[str, Any]) -> None:
    for market in Market.objects.filter(active=True):
        code = f"{market.code}-base"
        base = open_price_list(draft=PriceListDraft(code=code, market_code=market.code, name="Ordinary"))
        amount = price_of(row, market.currency_id)
        set_prices(price_list_id=base.pk, prices=[NewPrice(variant_id=variant.pk, amount=amount)])


def _picture(product: Product, codes: list[str]) -> None:
    """The first picture of each of these products."""
    first = ProductMedia.objects.filter(product__code__in=codes, position=0).order_by("product_id")
    pictures = [GalleryPicture(asset_id=pk) for pk in first.values_list("asset_id", flat=True)]
    set_gallery(product_id=product.pk, pictures=pictures)


def _components(rows: list[dict[str, Any]]) -> list[SetRow]:
    ids = dict(Variant.objects.filter(sku__in=[row["sku"] for row in rows]).values_list("sku", "pk"))
    return [
        SetRow(
            variant_id=ids[row["sku"]],
            quantity=row["quantity"],
            price_weight=row["price_weight"],
            optional=row.get("optional", False),
        )
        for row in rows
    ]


def _offer(variant: Variant, row: dict[str, Any]) -> None:
    set_download_terms(variant_id=variant.pk, most_downloads=row["most_downloads"], days=row["days"], gives_keys=False)
    if not VariantFile.objects.filter(variant=variant, name=row["file"]).exists():
        content = ContentFile((DOWNLOADS / row["file"]).read_bytes(), name=row["file"])
        add_file(variant_id=variant.pk, name=row["file"], content=content)


def _sell_ahead(variant: Variant, row: dict[str, Any]) -> None:
    if Presale.objects.filter(variant=variant).exists():
        return
    terms = PresaleTerms(
        release_on=timezone.now().date() + timedelta(days=row["in_days"]),
        warehouse_code=row["warehouse"],
        most_in_all=row["most_in_all"],
        most_per_customer=row["most_per_customer"],
    )
    put_presale(variant_id=variant.pk, terms=terms)
