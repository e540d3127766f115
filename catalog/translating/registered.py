"""The catalogue's own texts on the desk, and what follows when they are translated there."""

from collections.abc import Iterable

from catalog.actions.derived import mark_dirty
from catalog.actions.vocabulary import note_vocabulary
from catalog.cache import forget_on_commit
from catalog.events import ProductChanged
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Brand,
    Category,
    MediaAsset,
    OptionType,
    OptionValue,
    Product,
    ProductAttribute,
    ProductMarket,
    ProductMedia,
)
from catalog.translating.registry import Manners, Related, register
from catalog.translating.texts import Kind
from core.events import publish

TITLE_ADVISED = 60
"""Characters of a title that search engines show."""
DESCRIPTION_ADVISED = 155
"""Characters of a description that search engines show."""
SEARCH_ADVICE = {"meta_title": TITLE_ADVISED, "meta_description": DESCRIPTION_ADVISED}


def register_catalogue() -> None:
    """Called once, when the app is made ready."""
    word = Manners(follow=_word_changed)
    register(
        Product,
        kinds={"description": Kind.HTML, "selling_points": Kind.LINES, "safety_warnings": Kind.LINES},
        advised=SEARCH_ADVICE,
        manners=Manners(
            label=lambda product: f"{product.name} ({product.code})", follow=_product_changed, related=_with_product
        ),
    )
    register(Category, advised=SEARCH_ADVICE, manners=word)
    register(Brand, manners=word)
    register(OptionType, manners=word)
    register(
        OptionValue,
        manners=Manners(
            label=lambda value: f"{value.option_type.name}: {value.name}", joins=("option_type",), follow=_word_changed
        ),
    )
    register(AttributeDef, manners=word)
    register(
        AttributeOption,
        manners=Manners(
            label=lambda choice: f"{choice.attribute.name}: {choice.name}", joins=("attribute",), follow=_word_changed
        ),
    )
    register(
        ProductAttribute,
        kinds={"text_value": Kind.TEXT},
        manners=Manners(
            label=lambda detail: f"{detail.product.name}: {detail.attribute.name}",
            joins=("product", "attribute"),
            follow=_detail_changed,
        ),
    )
    register(
        ProductMarket,
        kinds={"copy_override_html": Kind.HTML},
        manners=Manners(
            label=lambda offer: f"{offer.product.name}: {offer.market.name}",
            joins=("product", "market"),
            follow=_offer_changed,
        ),
    )
    register(MediaAsset, manners=Manners(label=lambda asset: asset.alt or asset.code, follow=_picture_changed))


def _product_changed(product: Product) -> None:
    mark_dirty(product_ids=[product.pk])
    publish(ProductChanged(product_ids=(product.pk,)))


def _word_changed(row: Category | Brand | OptionType | OptionValue | AttributeDef | AttributeOption) -> None:
    note_vocabulary(row=row)


def _detail_changed(detail: ProductAttribute) -> None:
    mark_dirty(product_ids=[detail.product_id])


def _offer_changed(offer: ProductMarket) -> None:
    mark_dirty(product_ids=[offer.product_id])
    publish(ProductChanged(product_ids=(offer.product_id,)))


def _picture_changed(asset: MediaAsset) -> None:
    forget_on_commit()
    mark_dirty(product_ids=ProductMedia.objects.filter(asset=asset).values_list("product_id", flat=True))


def _with_product(product: Product) -> Iterable[Related]:
    """Texts that stand on the product's page beside its own: details in words, pictures."""
    details = ProductAttribute.objects.filter(product=product, text_value__isnull=False)
    pictures = ProductMedia.objects.filter(product=product).exclude(asset__alt="")
    offers = ProductMarket.objects.filter(product=product).exclude(copy_override_html="")
    yield ProductAttribute._meta.label_lower, list(details.values_list("pk", flat=True))
    yield ProductMarket._meta.label_lower, list(offers.values_list("pk", flat=True))
    yield MediaAsset._meta.label_lower, list(pictures.values_list("asset_id", flat=True).distinct())
