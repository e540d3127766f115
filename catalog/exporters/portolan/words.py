"""The vocabulary the products use, as rows that stand before them."""

import json
from collections.abc import Iterator, Sequence

from catalog.exporters.portolan.kinds import Row
from catalog.exporters.selection import Scope, Selection
from catalog.importers.apply.present import words_of
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Brand,
    Category,
    Maker,
    OptionType,
    OptionValue,
    PriceList,
    ProductType,
)
from catalog.models.translations import Translated
from catalog.sql import fetch
from markets.models import Market

MOST_STEPS = 30
USED = {
    "type": "SELECT DISTINCT product_type_id FROM catalog_product WHERE id = ANY(%(ids)s)",
    "brand": "SELECT DISTINCT brand_id FROM catalog_product WHERE id = ANY(%(ids)s) AND brand_id IS NOT NULL",
    "contact": "SELECT maker_id FROM catalog_product WHERE id = ANY(%(ids)s) AND maker_id IS NOT NULL UNION"
    " SELECT responsible_person_id FROM catalog_product"
    " WHERE id = ANY(%(ids)s) AND responsible_person_id IS NOT NULL",
    "category": "SELECT primary_category_id FROM catalog_product"
    " WHERE id = ANY(%(ids)s) AND primary_category_id IS NOT NULL"
    " UNION SELECT category_id FROM catalog_product_categories WHERE product_id = ANY(%(ids)s)",
    "option": "SELECT DISTINCT option_type_id FROM catalog_productoption WHERE product_id = ANY(%(ids)s)",
    "value": "SELECT DISTINCT unnest(value_ids) FROM catalog_variant"
    " WHERE product_id = ANY(%(ids)s) AND status <> 'archived'",
    "attribute": "SELECT DISTINCT attribute_id FROM catalog_productattribute WHERE product_id = ANY(%(ids)s)",
    "choice": "SELECT DISTINCT option_id FROM catalog_productattribute"
    " WHERE product_id = ANY(%(ids)s) AND option_id IS NOT NULL",
}


def word_rows(selection: Selection, scope: Scope) -> Iterator[Row]:
    """Types, brands, contacts, categories from the root down, options, attributes and price lists."""
    used = {kind: [row[0] for row in fetch(statement, {"ids": selection.ids})] for kind, statement in USED.items()}
    languages = scope.shown_languages
    for kind in ProductType.objects.filter(pk__in=used["type"]).order_by("code"):
        yield {
            "row": "type",
            "code": kind.code,
            f"name[{languages[0]}]": kind.name,
            "kind": kind.kind,
            "ships": _yes_no(kind.requires_shipping),
        }
    for brand in Brand.objects.filter(pk__in=used["brand"]).order_by("code"):
        stories = _words(brand, "story", "description", languages)
        yield {"row": "brand", "code": brand.code, f"name[{languages[0]}]": brand.name, **stories}
    for contact in Maker.objects.filter(pk__in=used["contact"]).order_by("code"):
        yield {
            "row": "contact",
            "code": contact.code,
            f"name[{languages[0]}]": contact.name,
            "address": contact.postal_address,
            "country": contact.country,
            "email": contact.email,
            "website": contact.website,
        }
    yield from _categories(used["category"], languages)
    yield from _options(used["option"], used["value"], languages)
    yield from _attributes(used["attribute"], used["choice"], languages)
    yield from _price_lists(scope, languages)


def _categories(ids: Sequence[int], languages: Sequence[str]) -> Iterator[Row]:
    rows = {row.pk: row for row in Category.objects.order_by("position", "pk")}
    depth: dict[int, int] = {}
    for pk in ids:
        path: list[int] = []
        at: int | None = pk
        while at is not None and len(path) < MOST_STEPS:
            path.append(at)
            at = rows[at].parent_id
        depth |= {step: level for level, step in enumerate(reversed(path))}
    for pk in sorted(depth, key=lambda pk: (depth[pk], rows[pk].position, pk)):
        row = rows[pk]
        yield {
            "row": "category",
            "code": row.code,
            "parent": rows[row.parent_id].code if row.parent_id else "",
            "position": row.position,
            **_words(row, "name", "name", languages),
            **_words(row, "description", "description", languages),
        }


def _options(ids: Sequence[int], value_ids: Sequence[int], languages: Sequence[str]) -> Iterator[Row]:
    for kind in OptionType.objects.filter(pk__in=ids).order_by("position", "pk"):
        yield {
            "row": "option",
            "code": kind.code,
            "input": kind.input,
            "position": kind.position,
            **_words(kind, "name", "name", languages),
        }
    values = OptionValue.objects.filter(pk__in=value_ids, option_type__in=ids).select_related("option_type")
    for value in values.order_by("option_type__position", "option_type", "position", "pk"):
        yield {
            "row": "value",
            "code": value.code,
            "parent": value.option_type.code,
            "colour": value.hex or "",
            "position": value.position,
            **_words(value, "name", "name", languages),
        }


def _attributes(ids: Sequence[int], choice_ids: Sequence[int], languages: Sequence[str]) -> Iterator[Row]:
    for row in AttributeDef.objects.filter(pk__in=ids).order_by("position", "pk").iterator():
        yield {
            "row": "attribute",
            "code": row.code,
            "data_type": row.data_type,
            "unit": row.unit,
            "section": row.section,
            "filterable": _yes_no(row.filterable),
            "searchable": _yes_no(row.searchable),
            "comparable": _yes_no(row.comparable),
            "position": row.position,
            **_words(row, "name", "name", languages),
        }
    choices = AttributeOption.objects.filter(pk__in=choice_ids).select_related("attribute")
    for choice in choices.order_by("attribute__position", "attribute", "position", "pk").iterator():
        yield {
            "row": "choice",
            "code": choice.code,
            "parent": choice.attribute.code,
            "position": choice.position,
            **_words(choice, "name", "name", languages),
        }


def _price_lists(scope: Scope, languages: Sequence[str]) -> Iterator[Row]:
    rows = PriceList.objects.filter(status=PriceList.Status.ACTIVE).select_related("market", "parent")
    if scope.market:
        rows = rows.filter(market=Market.objects.get(code=scope.market))
    for row in sorted(rows, key=lambda each: (each.parent_id is not None, each.pk)):
        during = row.during
        yield {
            "row": "price_list",
            "code": row.code,
            f"name[{languages[0]}]": row.name,
            "market": row.market.code,
            "kind": row.kind,
            "priority": row.priority,
            "audience": row.audience_key,
            "begins": during.lower.isoformat() if during and during.lower else "",
            "ends": during.upper.isoformat() if during and during.upper else "",
            "parent": row.parent.code if row.parent else "",
            "adjust_bp": "" if row.adjust_bp is None else row.adjust_bp,
            "price_ending": json.dumps(row.charm_rule) if row.charm_rule else "",
        }


def _words(row: Translated, field: str, column: str, languages: Sequence[str]) -> Row:
    return {f"{column}[{code}]": words for code, words in words_of(row, field).items() if code in languages}


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
