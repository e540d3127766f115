"""Making, changing and offering products."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from catalog.actions.derived import mark_dirty
from catalog.actions.routes import names_of, route, unmoved_names
from catalog.drafts import ProductDraft, Words
from catalog.errors import BundleProblem, OptionMismatch, ProductIncomplete, SkusTaken
from catalog.events import ProductChanged, SetChanged
from catalog.markup import clean_html
from catalog.models import (
    Brand,
    BundleItem,
    Category,
    Maker,
    OptionType,
    Product,
    ProductMarket,
    ProductOption,
    ProductType,
    Variant,
)
from catalog.translating.noting import note_texts
from core import audit
from core.events import publish
from markets.models import Market

PLAIN = (
    "kind", "model_code", "merchant_code", "released_at", "preorder_until", "new_until", "featured_rank"
)  # fmt: skip
LINKED = (
    ("product_type", ProductType),
    ("brand", Brand),
    ("maker", Maker),
    ("responsible_person", Maker),
    ("primary_category", Category),
)


@transaction.atomic
def create_product(*, draft: ProductDraft) -> Product:
    """A new product as a draft, with its options and a slug per language. Raises when a code it names is unknown."""
    product = Product(code=draft.code, status=Product.Status.DRAFT)
    _apply(product, draft)
    product.save(force_insert=True)
    note_texts([product])
    _set_relations(product, draft)
    route(target=product, wanted=draft.slugs)
    _announce(product, "catalog.create_product")
    return product


@transaction.atomic
def update_product(*, product_id: int, draft: ProductDraft) -> bool:
    """Bring a product to what `draft` says; its code stays. True when something changed.

    A slug follows the name when that changes; old slugs redirect. Options cannot be taken away while variants use
    them (`OptionMismatch`).
    """
    product = Product.objects.lock().get(pk=product_id)
    before, names, seller = _state(product), names_of(product), product.merchant_code
    _apply(product, draft)
    if product.merchant_code != seller:
        _hand_variants_over(product)
    changed = _state(product) != before
    if changed:
        product.save()
        note_texts([product])
    changed |= _set_relations(product, draft)
    changed |= route(target=product, wanted=draft.slugs, keep=unmoved_names(names, product))
    if changed:
        _announce(product, "catalog.update_product")
    return changed


@transaction.atomic
def activate_product(*, product_id: int) -> Product:
    """Put a product on sale. Raises `ProductIncomplete` with everything that is missing."""
    product = Product.objects.lock().get(pk=product_id)
    problems = problems_of(product)
    if problems:
        raise ProductIncomplete(product.code, problems)
    return _set_status(product, Product.Status.ACTIVE)


@transaction.atomic
def deactivate_product(*, product_id: int) -> Product:
    """Take a product off sale; it stays as a draft."""
    return _set_status(Product.objects.lock().get(pk=product_id), Product.Status.DRAFT)


@transaction.atomic
def archive_product(*, product_id: int) -> Product:
    """Put a product away for good; orders and addresses keep it."""
    return _set_status(Product.objects.lock().get(pk=product_id), Product.Status.ARCHIVED)


@transaction.atomic
def offer_product(
    *,
    product_id: int,
    market_code: str,
    visible: bool = True,
    visible_from: datetime | None = None,
    visible_until: datetime | None = None,
    copy_html: str = "",
) -> ProductMarket:
    """Say whether and when a product is seen in a market, and in which words of that market's own."""
    offer, _new = ProductMarket.objects.update_or_create(
        product_id=product_id,
        market=Market.objects.get(code=market_code),
        defaults={
            "visible": visible,
            "visible_from": visible_from,
            "visible_until": visible_until,
            "copy_override_html": clean_html(copy_html),
        },
    )
    note_texts([offer])
    _announce(Product.objects.get(pk=product_id), "catalog.offer_product")
    return offer


@transaction.atomic
def set_components(*, bundle_variant_id: int, components: Mapping[int, int]) -> None:
    """The contents of a set: variant to quantity. Raises `BundleProblem` for fewer than two, or for a set in a set."""
    variant = Variant.objects.lock().select_related("product").get(pk=bundle_variant_id)
    kinds = Variant.objects.filter(pk__in=components).values_list("product__kind", flat=True)
    nested = Product.Kind.BUNDLE in set(kinds) or bundle_variant_id in components
    if variant.product.kind != Product.Kind.BUNDLE or len(components) < 2 or nested or min(components.values()) < 1:
        raise BundleProblem
    BundleItem.objects.filter(bundle_variant=variant).delete()
    BundleItem.objects.bulk_create(
        BundleItem(bundle_variant=variant, component_variant_id=pk, quantity=quantity)
        for pk, quantity in components.items()
    )
    _announce(variant.product, "catalog.set_components")
    publish(SetChanged(variant_ids=(variant.pk,)))


def problems_of(product: Product) -> list[str]:
    """What keeps a product from being sold, as stable words; empty when it is complete."""
    problems = [] if product.name else ["no_name"]
    needed = product.options.count()
    variants = product.variants.filter(status=Variant.Status.ACTIVE).annotate(chosen=Count("option_values"))
    counts = list(variants.values_list("chosen", flat=True))
    if not counts:
        problems.append("no_variant")
    if any(chosen != needed for chosen in counts):
        problems.append("options_incomplete")
    if product.kind == Product.Kind.BUNDLE and _has_thin_set(product):
        problems.append("set_too_small")
    return problems


def _has_thin_set(product: Product) -> bool:
    sizes = product.variants.filter(status=Variant.Status.ACTIVE).annotate(size=Count("components"))
    return sizes.filter(size__lt=2).exists()


def _hand_variants_over(product: Product) -> None:
    """Its SKUs are its seller's, too. Raises `SkusTaken` for those the seller has already."""
    own = product.variants.all()
    others = Variant.objects.filter(merchant_code=product.merchant_code, sku__in=own.values("sku"))
    taken = others.exclude(product=product).values_list("sku", flat=True)
    if taken:
        raise SkusTaken(taken)
    own.update(merchant_code=product.merchant_code)


def _apply(product: Product, draft: ProductDraft) -> None:
    for name in PLAIN:
        setattr(product, name, getattr(draft, name))
    for name, model in LINKED:
        code = getattr(draft, name)
        setattr(product, name, model._default_manager.get(code=code) if code else None)
    product.tax_category_id = draft.tax_category
    product.tags = list(draft.tags)
    set_texts(product, draft.texts)


def set_texts(product: Product, texts: Mapping[str, Words]) -> None:
    """Put words on a product, cleaned; saving is the caller's. Without a name of the default language any names it."""
    product.put_texts({name: cleaned_words(name, words) for name, words in texts.items()})
    if not product.name:
        product.name = next(iter(texts.get("name", {}).values()), "").strip()


def cleaned_words(name: str, words: Words) -> Words:
    """Words of a field as they are stored: without white space around them, a description without what could act."""
    if name != "description":
        return {language: text.strip() for language, text in words.items()}
    return {language: clean_html(text).strip() for language, text in words.items()}


def _set_relations(product: Product, draft: ProductDraft) -> bool:
    changed = _set_options(product, draft.options)
    wanted = set(Category.objects.filter(code__in=draft.categories).values_list("pk", flat=True))
    if wanted != set(product.categories.values_list("pk", flat=True)):
        product.categories.set(wanted)
        changed = True
    return changed


def _set_options(product: Product, codes: tuple[str, ...]) -> bool:
    now = list(product.options.order_by("position").values_list("option_type__code", flat=True))
    if now == list(codes):
        return False
    gone = product.options.exclude(option_type__code__in=codes)
    if product.variants.exclude(status=Variant.Status.ARCHIVED).exists() and set(now) != set(codes):
        raise OptionMismatch
    gone.delete()
    types = {row.code: row for row in OptionType.objects.filter(code__in=codes)}
    for position, code in enumerate(codes):
        ProductOption.objects.update_or_create(
            product=product, option_type=types[code], defaults={"position": position}
        )
    return True


def _set_status(product: Product, status: Product.Status) -> Product:
    if product.status != status:
        product.status = status
        if status == Product.Status.ACTIVE and product.released_at is None:
            product.released_at = timezone.now()
        product.save(update_fields=["status", "released_at", "updated"])
        _announce(product, f"catalog.{status.value}_product")
    return product


def _announce(product: Product, action: str) -> None:
    audit.record(action, product)
    mark_dirty(product_ids=[product.pk])
    publish(ProductChanged(product_ids=(product.pk,)))


def _state(product: Product) -> dict[str, object]:
    return {field.attname: getattr(product, field.attname) for field in product._meta.concrete_fields} | {
        "i18n": dict(product.i18n or {}),
        "tags": list(product.tags),
    }
