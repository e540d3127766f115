"""Sets, pre-sales and virtual products on sale."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog import actions
from catalog.actions.downloads import add_file, set_download_terms
from catalog.actions.presales import PresaleTerms, put_presale
from catalog.models import BundleItem, Presale, Product, ProductType, Variant
from inventory.models import Warehouse
from markets.types import MarketContext
from tests.factories.cart import PRICES, item_in
from tests.factories.catalog import make_product

PDF = b"%PDF-1.4 a very small book " + b"x" * 200


def set_in(
    market: MarketContext, *contents: tuple[Variant, int, int], price: str = "30.00", code: str = "the-set"
) -> Variant:
    """A set on sale: rows of (component, pieces in a set, share of the price)."""
    product = make_product(code, prices={market.code: price}, draft={"kind": "bundle"}, stock=0, active=False)
    variant = product.variants.get()
    actions.set_components(bundle_variant_id=variant.pk, components={one.pk: pieces for one, pieces, _ in contents})
    for one, _pieces, weight in contents:
        BundleItem.objects.filter(bundle_variant=variant, component_variant=one).update(price_weight=weight)
    actions.activate_product(product_id=product.pk)
    actions.refresh_derived(product_ids=[product.pk])
    return variant


def in_days(days: int) -> date:
    """A day from today."""
    return timezone.now().date() + timedelta(days=days)


def presale_in(market: MarketContext, *, days: int = 30, variant: Variant | None = None, **limits: int) -> Variant:
    """A variant nothing is there of, sold ahead from now on."""
    variant = variant or item_in(market, stock=0)
    place = Warehouse.objects.filter(priorities__market__code=market.code).earliest("pk")
    put_presale(
        variant_id=variant.pk, terms=PresaleTerms(release_on=in_days(days), warehouse_code=place.code, **limits)
    )
    return variant


def presale_of(variant: Variant) -> Presale:
    """Its pre-sale as it stands."""
    return Presale.objects.get(variant=variant)


def download_in(
    market: MarketContext, *, most: int | None = 3, days: int | None = 30, keys: bool = False, code: str = "the-book"
) -> Variant:
    """A virtual product with one file."""
    kind, _ = ProductType.objects.get_or_create(
        code="download", defaults={"name": "Download", "kind": "virtual", "requires_shipping": False}
    )
    product = make_product(
        code, prices={market.code: PRICES[market.currency]}, stock=0, variant={"weight_g": 0}, active=False
    )
    Product.objects.filter(pk=product.pk).update(product_type=kind)
    actions.activate_product(product_id=product.pk)
    actions.refresh_derived(product_ids=[product.pk])
    variant = product.variants.get()
    add_file(variant_id=variant.pk, name="book.pdf", content=SimpleUploadedFile("book.pdf", PDF))
    set_download_terms(variant_id=variant.pk, most_downloads=most, days=days, gives_keys=keys)
    return variant
