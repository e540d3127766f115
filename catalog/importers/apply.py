"""Bring one understood product in: made, changed or left alone, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.actions.fetching import want_pictures
from catalog.actions.prices import NewPrice, set_prices
from catalog.actions.products import activate_product, archive_product, create_product, update_product
from catalog.actions.variants import add_variant, update_variant
from catalog.actions.vocabulary import put_brand, put_option_type, put_option_value, put_product_type
from catalog.drafts import ProductDraft, VariantDraft
from catalog.errors import OptionMismatch, SkuFixed, SkuTaken, VariantExists
from catalog.events import OpeningStockTold
from catalog.importers.drafts import ImportedOption, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.models import Brand, Category, OptionType, OptionValue, Product, Variant
from catalog.slugs import slug_of
from core.events import publish


class Outcome(StrEnum):
    """What became of a product."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where an import goes: the price lists of a market and the language of its words."""

    language: str
    base_list_id: int
    sale_list_id: int


@dataclass
class Applied:
    """What one product's import did."""

    outcome: Outcome
    notes: list[RowProblem] = field(default_factory=list)


def apply_product(imported: ImportedProduct, target: Target) -> Applied:
    """One transaction. Raises `RowsRefused`; nothing of the product is changed then."""
    try:
        with transaction.atomic():
            return _apply(imported, target)
    except OptionMismatch:
        raise RowsRefused(
            problem(
                imported.line,
                "",
                imported.draft.code,
                _("The product exists with other options. Remove its variants first, or use another handle."),
            )
        ) from None


def _apply(imported: ImportedProduct, target: Target) -> Applied:
    codes = {option.name: _option(option, target.language) for option in imported.options}
    draft = _linked(imported, codes)
    known = Product.objects.filter(code=draft.code).first()
    product = known or create_product(draft=draft)
    changed = known is not None and update_product(product_id=known.pk, draft=_keeping(known, draft))
    variants = [_variant(product, each, codes) for each in imported.variants]
    changed |= any(touched for _row, touched in variants)
    rows = [row for row, _touched in variants]
    changed |= _prices(imported.variants, rows, target)
    changed |= _status(product, imported.status)
    pictures = [(picture.url, picture.alt) for picture in imported.pictures]
    own = {row.pk: each.picture_url for row, each in zip(rows, imported.variants, strict=True) if each.picture_url}
    changed |= want_pictures(product_id=product.pk, pictures=pictures, variant_pictures=own, language=target.language)
    if known is None:
        return Applied(Outcome.CREATED)
    return Applied(Outcome.CHANGED if changed else Outcome.UNCHANGED)


def _linked(imported: ImportedProduct, codes: dict[str, str]) -> ProductDraft:
    kind = "physical" if imported.is_shipped else "virtual"
    put_product_type(
        code=kind, name="Goods" if imported.is_shipped else "Virtual", kind=kind, requires_shipping=imported.is_shipped
    )
    category = _category(imported.category_name)
    return replace(
        imported.draft,
        product_type=kind,
        options=tuple(codes[option.name] for option in imported.options),
        brand=_brand(imported.vendor),
        primary_category=category.code if category else None,
    )


def _keeping(known: Product, draft: ProductDraft) -> ProductDraft:
    """What the file cannot say stays as operators have set it."""
    return replace(
        draft,
        tax_category=known.tax_category_id,
        maker=known.maker.code if known.maker else None,
        responsible_person=known.responsible_person.code if known.responsible_person else None,
        primary_category=known.primary_category.code if known.primary_category else draft.primary_category,
        categories=tuple(known.categories.values_list("code", flat=True)),
        model_code=known.model_code,
        new_until=known.new_until,
        featured_rank=known.featured_rank,
        released_at=known.released_at,
        preorder_until=known.preorder_until,
        merchant_code=known.merchant_code,
    )


def _brand(vendor: str) -> str | None:
    code = slug_of(vendor)[:80]
    if not code:
        return None
    if not Brand.objects.filter(code=code).exists():
        put_brand(code=code, name=vendor[:120])
    return code


def _category(name: str) -> Category | None:
    return Category.objects.filter(name__iexact=name).first() if name else None


def _option(option: ImportedOption, language: str) -> str:
    """The option type with this name, with every value of the file; made where it does not exist yet."""
    known = OptionType.objects.filter(name__iexact=option.name).first()
    code = known.code if known else _code(option.name)
    if known is None:
        put_option_type(code=code, names={language: option.name[:80]})
    have = set(OptionValue.objects.filter(option_type__code=code).values_list("code", flat=True))
    for position, value in enumerate(option.values):
        if _code(value) not in have:
            put_option_value(option_type=code, code=_code(value), names={language: value[:80]}, position=position)
    return code


def _code(words: str) -> str:
    """A stable code for words in any script; two different words never share one."""
    plain = slug_of(words)
    if plain and len(words) <= 40 and plain == words.strip().lower().replace(" ", "-"):
        return plain
    return f"{plain[:30]}-{sha256(words.encode()).hexdigest()[:8]}".strip("-")


def _variant(product: Product, imported: ImportedVariant, codes: dict[str, str]) -> tuple[Variant, bool]:
    values = {codes[name]: _code(value) for name, value in imported.values.items()}
    signature = ",".join(sorted(f"{option}={value}" for option, value in values.items()))
    known = _known(product, imported.draft.sku, signature)
    sku = imported.draft.sku or (known.sku if known else _free_sku(product, signature))
    try:
        if known is None:
            return _add(product, imported, replace(imported.draft, sku=sku, values=values)), True
        kept = _keeping_facts(known, replace(imported.draft, sku=sku, values=values))
        return known, update_variant(variant_id=known.pk, draft=kept)
    except SkuTaken:
        raise RowsRefused(
            problem(imported.line, "SKU", sku, _("The SKU belongs to another product or variant."))
        ) from None
    except SkuFixed:
        raise RowsRefused(
            problem(imported.line, "SKU", sku, _("The variant was sold under another SKU, which stays."))
        ) from None
    except VariantExists:
        raise RowsRefused(
            problem(imported.line, "", sku, _("Another variant of the product has the same options."))
        ) from None


def _known(product: Product, sku: str, signature: str) -> Variant | None:
    rows = Variant.objects.filter(product=product).exclude(status=Variant.Status.ARCHIVED)
    by_sku = rows.filter(sku=sku).first() if sku else None
    return by_sku or rows.filter(signature=signature).first()


def _add(product: Product, imported: ImportedVariant, draft: VariantDraft) -> Variant:
    variant = add_variant(product_id=product.pk, draft=draft)
    if imported.quantity:
        publish(OpeningStockTold(variant_id=variant.pk, quantity=imported.quantity))
    return variant


def _keeping_facts(known: Variant, draft: VariantDraft) -> VariantDraft:
    """Customs and size facts a file does not carry stay as they are."""
    return replace(
        draft,
        gtin=draft.gtin or known.gtin,
        hs_code=draft.hs_code or known.hs_code,
        origin_country=draft.origin_country or known.origin_country,
        length_mm=known.length_mm,
        width_mm=known.width_mm,
        height_mm=known.height_mm,
        customs_description=known.customs_description,
        battery_flag=known.battery_flag,
        restricted_flags=tuple(known.restricted_flags),
        purchase_limit=known.purchase_limit,
        max_cart_qty=known.max_cart_qty,
        status=known.status,
    )


def _free_sku(product: Product, signature: str) -> str:
    """A SKU made of the handle and the options: the same file makes the same one again."""
    ending = "-".join(part.split("=", 1)[1] for part in signature.split(",") if part)
    wanted = f"{product.code}-{ending}".strip("-").upper()[:80]
    if not Variant.objects.filter(sku=wanted).exists():
        return wanted
    return f"{wanted[:71]}-{sha256(f'{product.code}:{signature}'.encode()).hexdigest()[:8].upper()}"


def _prices(imported: Sequence[ImportedVariant], rows: Sequence[Variant], target: Target) -> bool:
    ordinary, reduced = [], []
    for each, row in zip(imported, rows, strict=True):
        is_reduced = each.compare_at is not None and each.compare_at > each.price
        full = each.compare_at if is_reduced and each.compare_at is not None else each.price
        ordinary.append(NewPrice(variant_id=row.pk, amount=full))
        if is_reduced:
            reduced.append(NewPrice(variant_id=row.pk, amount=each.price))
    moved = set_prices(price_list_id=target.base_list_id, prices=ordinary)
    if reduced:
        moved += set_prices(price_list_id=target.sale_list_id, prices=reduced)
    return moved > 0


def _status(product: Product, wanted: str) -> bool:
    """A file puts a product on sale or away; it never takes an operator's choice back to draft."""
    if wanted == "active" and product.status == Product.Status.DRAFT:
        activate_product(product_id=product.pk)
        return True
    if wanted == "archived" and product.status != Product.Status.ARCHIVED:
        archive_product(product_id=product.pk)
        return True
    return False
