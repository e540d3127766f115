"""The words products are described with: types, brands, makers, categories, options, attributes, filters.

Each action brings the row with this code to what is asked and returns it; asking twice changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from django.db import models, transaction
from modeltrans.conf import get_available_languages, get_default_language

from catalog.actions.derived import mark_dirty
from catalog.actions.routes import names_of, route, unmoved_names
from catalog.actions.tree import check_above, lock_tree
from catalog.cache import forget_on_commit
from catalog.derived.facets import TAKEN_KEYS
from catalog.drafts import AttributePlace, Words
from catalog.events import ShelvesChanged
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Brand,
    Category,
    FacetDef,
    Maker,
    OptionType,
    OptionValue,
    Product,
    ProductType,
)
from catalog.models.translations import Translated
from catalog.translating.noting import note_texts
from core import audit
from core.events import publish

M = TypeVar("M", bound=models.Model)


def put_product_type(
    *,
    code: str,
    name: str,
    kind: str = "physical",
    requires_shipping: bool = True,
    size_tables: Sequence[str] | None = None,
) -> ProductType:
    """A kind of product; `size_tables` are codes of the tables its sizes are read by, left as they are by None."""
    facts = {"name": name, "kind": kind, "requires_shipping": requires_shipping}
    if size_tables is not None:
        facts["size_tables"] = list(size_tables)
    return _put(ProductType, {"code": code}, facts, {})


def put_brand(*, code: str, name: str, story: Words | None = None) -> Brand:
    """A brand."""
    return _put(Brand, {"code": code}, {"name": name}, {"story": story or {}})


def put_maker(*, code: str, name: str, postal_address: str, country: str, email: str = "", website: str = "") -> Maker:
    """A manufacturer or responsible person; one way to reach it online is needed."""
    facts = {"name": name, "postal_address": postal_address, "country": country, "email": email, "website": website}
    return _put(Maker, {"code": code}, facts, {})


@transaction.atomic
def put_category(
    *, code: str, texts: dict[str, Words], parent: str | None = None, position: int = 0, picture_id: int | None = None
) -> Category:
    """A category with its words and a slug per language. `texts` has `name`, `description` and the meta fields.

    A slug follows the name when that changes; old slugs redirect. Raises `CategoryCycle` for a parent below it.
    """
    tree = lock_tree()
    above = Category.objects.get(code=parent) if parent else None
    present = Category.objects.filter(code=code).first()
    names = names_of(present) if present else {}
    if present:
        check_above(tree, present.pk, above.pk if above else None)
    facts = {"parent": above, "position": position, "picture_id": picture_id}
    category = _put(Category, {"code": code}, facts, texts)
    route(target=category, wanted={}, keep=unmoved_names(names, category))
    if present and present.parent_id != category.parent_id:
        publish(ShelvesChanged(category_ids=(category.pk, *tree.below(category.pk))))
    return category


@transaction.atomic
def describe_category(*, code: str, texts: dict[str, Words], position: int | None = None) -> Category:
    """The words, and if told the position, of a category that is there. It stays where it stands in the tree."""
    names = names_of(Category.objects.select_for_update(of=("self",)).get(code=code))
    category = _put(Category, {"code": code}, {} if position is None else {"position": position}, texts)
    route(target=category, wanted={}, keep=unmoved_names(names, category))
    return category


@transaction.atomic
def put_option_type(
    *,
    code: str,
    names: Words,
    input: str = "button",  # noqa: A002 (the model's word)
    position: int = 0,
) -> OptionType:
    """An option with its filter."""
    option_type = _put(OptionType, {"code": code}, {"input": input, "position": position}, {"name": names})
    facet = {"kind": FacetDef.Kind.OPTION, "key": _facet_key(code), "position": 40 + position}
    FacetDef.objects.get_or_create(option_type=option_type, defaults=facet)
    return option_type


def put_option_value(
    *,
    option_type: str,
    code: str,
    names: Words,
    hex: str | None = None,  # noqa: A002 (the model's word)
    position: int = 0,
) -> OptionValue:
    """A value of an option."""
    owner = OptionType.objects.get(code=option_type)
    facts = {"hex": hex.lower() if hex else None, "position": position}
    return _put(OptionValue, {"option_type": owner, "code": code}, facts, {"name": names})


@transaction.atomic
def put_attribute(
    *,
    code: str,
    names: Words,
    data_type: str,
    unit: str = "",
    filterable: bool = False,
    place: AttributePlace = AttributePlace(),  # noqa: B008 (frozen)
) -> AttributeDef:
    """A structured detail; a filterable one of choices, numbers or yes-and-no gets a filter."""
    facts: dict[str, Any] = {"data_type": data_type, "unit": unit, "filterable": filterable}
    facts |= {name: value for name, value in asdict(place).items() if value is not None}
    attribute = _put(AttributeDef, {"code": code}, facts, {"name": names})
    _ensure_attribute_facet(attribute)
    return attribute


def put_attribute_option(*, attribute: str, code: str, names: Words, position: int = 0) -> AttributeOption:
    """A choice of an attribute."""
    owner = AttributeDef.objects.get(code=attribute)
    return _put(AttributeOption, {"attribute": owner, "code": code}, {"position": position}, {"name": names})


@transaction.atomic
def note_vocabulary(*, row: models.Model, keep: Collection[str] | None = None) -> None:
    """What follows when an operator changed a word of the vocabulary: slugs, filters, search, remembered labels.

    A category's slugs stay in the languages of `keep`, by default in all that have one.
    """
    if isinstance(row, Category):
        route(target=row, wanted={}, keep=get_available_languages() if keep is None else keep)
    elif isinstance(row, OptionType):
        facet = {"kind": FacetDef.Kind.OPTION, "key": _facet_key(row.code), "position": 40 + row.position}
        FacetDef.objects.get_or_create(option_type=row, defaults=facet)
    elif isinstance(row, AttributeDef):
        _ensure_attribute_facet(row)
    if isinstance(row, Translated):
        note_texts([row])
    audit.record("catalog.change_vocabulary", row)
    forget_on_commit()
    _touch_products(row)


def _ensure_attribute_facet(attribute: AttributeDef) -> None:
    kinds = {AttributeDef.DataType.ENUM, AttributeDef.DataType.BOOL, AttributeDef.DataType.NUMBER}
    if attribute.filterable and attribute.data_type in kinds:
        facet = {
            "kind": FacetDef.Kind.ATTRIBUTE,
            "key": _facet_key(attribute.code),
            "position": 100 + attribute.position,
        }
        _row, is_new = FacetDef.objects.get_or_create(attribute=attribute, defaults=facet)
        if is_new:
            products = Product.objects.filter(attributes__attribute=attribute)
            mark_dirty(product_ids=products.values_list("pk", flat=True))


def _facet_key(code: str) -> str:
    """The name in addresses; one that the listing uses itself, or another filter has, is told apart."""
    if code not in TAKEN_KEYS and not FacetDef.objects.filter(key=code).exists():
        return code
    return f"{code}-x"


def _put(model: type[M], identity: dict[str, Any], facts: dict[str, Any], texts: dict[str, Words]) -> M:
    with transaction.atomic():
        row = model._default_manager.select_for_update().filter(**identity).first() or model(**identity)
        before = None if row.pk is None else _state(row)
        for name, value in facts.items():
            setattr(row, name, value)
        if isinstance(row, Translated):
            row.put_texts(texts)
            _fill_default(row, texts)
        if before != _state(row):
            row.save()
            note_texts([row])
            forget_on_commit()
            _touch_products(row)
        return row


def _fill_default(row: Translated, texts: dict[str, Words]) -> None:
    """Words in no language but others still name the row: the plain column is never left empty by accident."""
    for field, words in texts.items():
        if words and not getattr(row, field) and get_default_language() not in words:
            setattr(row, field, next(iter(words.values())))


def _state(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | {
        "i18n": dict(getattr(row, "i18n", None) or {})
    }


def _touch_products(row: models.Model) -> None:
    """Names of brands, categories and values are inside search documents."""
    products = Product.objects.all()
    if isinstance(row, Brand):
        mark_dirty(product_ids=products.filter(brand=row).values_list("pk", flat=True))
    elif isinstance(row, Category):
        mark_dirty(product_ids=products.filter(primary_category=row).values_list("pk", flat=True))
    elif isinstance(row, OptionValue):
        mark_dirty(product_ids=products.filter(variants__value_ids__contains=[row.pk]).values_list("pk", flat=True))
    elif isinstance(row, AttributeOption):
        mark_dirty(product_ids=products.filter(attributes__option=row).values_list("pk", flat=True))
