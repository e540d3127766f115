"""The product itself: what the file says over what the shop has, and what that moves."""

from dataclasses import MISSING, fields, replace
from typing import Any

from modeltrans.conf import get_available_languages

from catalog.actions.routes import is_same_slug
from catalog.actions.whole import Links
from catalog.drafts import ProductDraft
from catalog.importers.apply.categories import category, category_named
from catalog.importers.apply.options import Chosen
from catalog.importers.apply.present import Present, words_of
from catalog.importers.apply.targets import Target
from catalog.importers.apply.vocabulary import Named, brand, contact, product_type, tax_category_id
from catalog.importers.apply.words import moved_words, shown, tidied
from catalog.importers.drafts import ImportedProduct
from catalog.importers.outcomes import FieldChange
from catalog.models import Product
from catalog.slugs import slug_of

FACTS = (
    "kind", "model_code", "tags", "merchant_code", "released_at", "preorder_until", "new_until", "featured_rank",
    "tax_category",
)  # fmt: skip
DEFAULTS = {
    each.name: each.default if each.default is not MISSING else None for each in fields(ProductDraft) if each.init
}
LONGEST = {"name": 200, "meta_title": 160, "meta_description": 400}


def says(imported: ImportedProduct, name: str) -> bool:
    """Whether the file speaks of a field of the draft."""
    return name in imported.told or getattr(imported.draft, name) != DEFAULTS[name]


def texts_of(imported: ImportedProduct) -> dict[str, dict[str, str]]:
    """Words as they would be stored, in the languages of the shop."""
    languages = frozenset(get_available_languages())
    return {name: tidied(name, words, languages) for name, words in imported.draft.texts.items()}


class Linked:
    """What a product refers to, found or made: ids for a new product, codes for one the shop has."""

    def __init__(self, target: Target, imported: ImportedProduct, *, is_new: bool) -> None:
        self.target, self.imported, line = target, imported, imported.line
        told_type = imported.product_type is not None or is_new
        self.product_type = (
            product_type(target, imported.product_type, is_shipped=imported.is_shipped) if told_type else None
        )
        self.brand = brand(target, imported.brand, imported.vendor)
        told_maker, told_person = imported.maker, imported.responsible_person
        self.maker = contact(target, told_maker, line, "maker") if told_maker else None
        self.responsible_person = contact(target, told_person, line, "responsible") if told_person else None
        self.category = category(target, imported.category) if imported.category else None
        if self.category is None and (is_new or not imported.category):
            self.fallback = category_named(target, imported.category_name)
        else:
            self.fallback = None
        self.further = (
            None
            if imported.further_categories is None
            else [found for each in imported.further_categories if (found := category(target, each))]
        )
        if says(imported, "tax_category") or is_new:
            tax_category_id(target, imported.draft.tax_category, line)

    def links(self, options: list[Chosen]) -> Links:
        """For a product that is new."""
        assert self.product_type is not None  # noqa: S101 (new products have one)
        main = self.category or self.fallback
        return Links(
            product_type_id=self.product_type.pk,
            brand_id=_pk(self.brand),
            maker_id=_pk(self.maker),
            responsible_person_id=_pk(self.responsible_person),
            primary_category_id=_pk(main),
            category_ids=tuple(dict.fromkeys(found.pk for found in self.further or ())),
            option_type_ids=tuple(option.pk for option in options),
        )


def draft_of(present: Present) -> ProductDraft:
    """A product of the shop as a draft that would change nothing."""
    product = present.product
    return ProductDraft(
        code=product.code,
        product_type=product.product_type.code,
        texts={},
        options=present.option_codes,
        slugs=present.slugs,
        brand=product.brand.code if product.brand else None,
        maker=product.maker.code if product.maker else None,
        responsible_person=product.responsible_person.code if product.responsible_person else None,
        primary_category=product.primary_category.code if product.primary_category else None,
        categories=present.category_codes,
        tags=tuple(product.tags),
        tax_category=product.tax_category_id,
        **{name: getattr(product, name) for name in FACTS if name not in ("tags", "tax_category")},
    )


def wanted_draft(
    present: Present, imported: ImportedProduct, linked: Linked, options: list[Chosen] | None
) -> tuple[ProductDraft, list[FieldChange]]:
    """The draft to bring a product to, and what it moves; nothing moves when the list is empty."""
    now = draft_of(present)
    wanted = replace(
        now,
        **{name: getattr(imported.draft, name) for name in FACTS if says(imported, name)},
        **_codes(present, imported, linked),
    )
    if options is not None:
        wanted = replace(wanted, options=tuple(option.code for option in options))
    changes = [
        FieldChange(field=each.name, old=shown(getattr(now, each.name)), new=shown(getattr(wanted, each.name)))
        for each in fields(ProductDraft)
        if each.name not in ("texts", "slugs", "code") and getattr(now, each.name) != getattr(wanted, each.name)
    ]
    texts, moved = _texts(present.product, imported)
    slugs, readdressed = _slugs(present, imported)
    return replace(wanted, texts=texts, slugs=slugs), [*changes, *moved, *readdressed]


def _codes(present: Present, imported: ImportedProduct, linked: Linked) -> dict[str, Any]:
    """What the product refers to, where the file says so."""
    found: dict[str, Any] = {}
    for name in ("product_type", "brand", "maker", "responsible_person"):
        named: Named | None = getattr(linked, name)
        if named is not None:
            found[name] = named.code
        elif name in imported.told:
            found[name] = None
    if linked.category is not None:
        found["primary_category"] = linked.category.code
    elif "primary_category" in imported.told:
        found["primary_category"] = None
    elif linked.fallback is not None and present.product.primary_category is None:
        found["primary_category"] = linked.fallback.code
    if linked.further is not None:
        found["categories"] = tuple(sorted({each.code for each in linked.further}))
    return found


def _texts(product: Product, imported: ImportedProduct) -> tuple[dict[str, dict[str, str]], list[FieldChange]]:
    """Only the words that move: words that differ in their line ends alone stay as they are."""
    texts: dict[str, dict[str, str]] = {}
    changes = []
    for name, words in texts_of(imported).items():
        moved = moved_words(name, words_of(product, name), words)
        if moved:
            texts[name] = {change.language: words[change.language] for change in moved}
            changes += moved
    return texts, changes


def _slugs(present: Present, imported: ImportedProduct) -> tuple[dict[str, str], list[FieldChange]]:
    slugs, changes = dict(present.slugs), []
    for language, words in imported.draft.slugs.items():
        wanted, now = slug_of(words), slugs.get(language, "")
        if language in slugs and wanted and not is_same_slug(now, wanted, present.product):
            slugs[language] = wanted
            changes.append(FieldChange(field="slug", language=language, old=now, new=wanted))
    return slugs, changes


def _pk(found: Named | None) -> int | None:
    return found.pk if found else None
