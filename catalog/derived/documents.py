"""Search documents: what a product says in each language, weighed and stemmed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection
from django.utils.html import strip_tags
from modeltrans.conf import get_available_languages, get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.models import Category, OptionValue, Product, ProductAttribute, SearchDocument, Translated, Variant
from catalog.search.languages import spoken
from catalog.search.normalise import fold
from catalog.search.stems import stems_of
from catalog.search.vectors import Field, Said, norms_of, plain_words, vector_of
from catalog.sql import fetch

WRITE = """
INSERT INTO catalog_searchdocument (product_id, language, title, words, vector, norms, markets, updated)
SELECT %s, l.language, %s, l.words, v.vector, %s, %s, now()
FROM (SELECT %s::tsvector AS vector) v CROSS JOIN unnest(%s::text[], %s::text[]) AS l(language, words)
ON CONFLICT (product_id, language) DO UPDATE
SET title = EXCLUDED.title, words = EXCLUDED.words, vector = EXCLUDED.vector, norms = EXCLUDED.norms,
    markets = EXCLUDED.markets, updated = now()
WHERE (catalog_searchdocument.title, catalog_searchdocument.words, catalog_searchdocument.norms,
       catalog_searchdocument.markets, catalog_searchdocument.vector)
   IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.words, EXCLUDED.norms, EXCLUDED.markets, EXCLUDED.vector)
"""
"""Languages that say the same in all fields share one statement; a document that says what it said stays untouched."""
SEEN_IN = """
SELECT r.product_id, array_agg(r.market_id ORDER BY r.market_id) FROM catalog_facetrow r
JOIN catalog_facetdef f ON f.id = r.facet_id AND f.kind = 'category'
WHERE r.value_id = 0 AND r.product_id = ANY(%s::bigint[]) GROUP BY r.product_id
"""
OPENING_WORDS = 40
"""Where there is no summary, so much of the description stands for one."""
MOST_WORDS = 400
"""Of a long description only the beginning is searched: what comes later is about anything."""


@dataclass(frozen=True)
class Around:
    """What belongs to a batch of products, loaded once."""

    categories: dict[int, Category]
    values: dict[int, OptionValue]
    variants: dict[int, list[Variant]]
    details: dict[int, list[ProductAttribute]]
    markets: dict[int, list[int]]


def derive_documents(product_ids: Collection[int]) -> None:
    """The documents of active products are written anew; those of others go. Facet rows must be up to date."""
    products = list(
        Product.objects.filter(pk__in=product_ids, status=Product.Status.ACTIVE)
        .select_related("brand", "product_type")
        .prefetch_related("categories")
    )
    around = _around(products)
    SearchDocument.objects.filter(product__in=set(product_ids) - {row.pk for row in products}).delete()
    drafts = [(product, _by_words(product, around)) for product in products]
    stems = _stems(fields for _product, groups in drafts for fields in groups)
    rows = [
        _row(product, fields, languages, stems, around)
        for product, groups in drafts
        for fields, languages in groups.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)


def _by_words(product: Product, around: Around) -> dict[tuple[Field, ...], list[str]]:
    """Which languages say what: those that fall back to the same words are one group."""
    groups: dict[tuple[Field, ...], list[str]] = {}
    for language in get_available_languages():
        groups.setdefault(tuple(_fields(product, language, around)), []).append(language)
    return groups


def _row(
    product: Product, fields: tuple[Field, ...], languages: list[str], stems: dict[str, dict[str, str]], around: Around
) -> tuple[Any, ...]:
    name = fields[0].said[0].text
    return (
        product.pk,
        " ".join(fold(name).split()),
        norms_of(fields),
        around.markets.get(product.pk, []),
        vector_of(fields, stems),
        languages,
        [plain_words(fields, language, stems) for language in languages],
    )


def _stems(drafts: Iterable[Sequence[Field]]) -> dict[str, dict[str, str]]:
    """All stems the batch needs, by language: one question per language, none when warm."""
    wanted: dict[str, set[str]] = {}
    seen: set[Said] = set()
    for said in chain.from_iterable(field.said for fields in drafts for field in fields):
        if said not in seen:
            seen.add(said)
            forms = wanted.setdefault(said.language, set())
            for word in said.words:
                forms.update((word.form, *word.also))
    return {language: stems_of(forms, language) for language, forms in wanted.items()}


def _fields(product: Product, language: str, around: Around) -> list[Field]:
    """Where each text of a product counts. What is nobody's language (brands, codes) is the default one's."""
    own = get_default_language()
    shelves = _shelves(product, language, around)
    summary = _said(product, "summary", language)
    description = _cut(_said(product, "description", language), MOST_WORDS)
    opening = summary if summary.text.strip() else _cut(description, OPENING_WORDS)
    variants = around.variants.get(product.pk, [])
    values = {pk: None for row in variants for pk in row.value_ids if pk in around.values}
    return [
        Field("name", (_said(product, "name", language),)),
        Field("kind", tuple(shelves[:1])),
        Field(
            "near",
            (
                Said(product.brand.name if product.brand else "", own),
                Said(product.model_code, own),
                _said(product, "search_words", language),
                *(Said(tag, own) for tag in product.tags),
            ),
        ),
        Field("about", (opening, *shelves[1:], *(_said(around.values[pk], "name", language) for pk in values))),
        Field(
            "far",
            (
                *_details(product, language, around),
                _said(product, "selling_points", language),
                description,
                *(Said(row.sku, own) for row in variants),
            ),
        ),
    ]


def _said(row: Translated, field: str, language: str) -> Said:
    """The words of a field with the language they are in."""
    for code in spoken(language):
        i18n = row.i18n or {}
        text = (
            getattr(row, field) if code == get_default_language() else i18n.get(build_localized_fieldname(field, code))
        )
        if text:
            return Said(text, code)
    return Said(row.text(field, language) or "", get_default_language())


def _cut(said: Said, most: int) -> Said:
    return Said(" ".join(strip_tags(said.text.replace("<", " <")).split()[:most]), said.language)


def _shelves(product: Product, language: str, around: Around) -> list[Said]:
    """The names of the main category, then of those above it and of the others."""
    found: dict[int, Said] = {}
    waiting = [*(row.pk for row in product.categories.all()), product.primary_category_id]
    while waiting:
        category = around.categories.get(waiting.pop() or 0)
        if category is not None and category.pk not in found:
            found[category.pk] = _said(category, "name", language)
            waiting.append(category.parent_id)
    return list(found.values())


def _details(product: Product, language: str, around: Around) -> Iterable[Said]:
    """What is true of it in words: choices and texts; of searchable attributes also numbers and what it has."""
    for row in around.details.get(product.pk, []):
        if row.option is not None:
            yield _said(row.option, "name", language)
        elif row.text_value:
            yield _said(row, "text_value", language)
        elif not row.attribute.searchable:
            continue
        elif row.bool_value:
            yield _said(row.attribute, "name", language)
        elif row.number is not None:
            yield Said(f"{row.number.normalize():f} {row.attribute.unit}", get_default_language())


def _around(products: list[Product]) -> Around:
    ids = [product.pk for product in products]
    variants: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(product__in=ids, status=Variant.Status.ACTIVE).order_by("position", "pk"):
        variants.setdefault(variant.product_id, []).append(variant)
    values = {pk for rows in variants.values() for variant in rows for pk in variant.value_ids}
    details: dict[int, list[ProductAttribute]] = {}
    told = ProductAttribute.objects.filter(product__in=ids).exclude(bool_value=False).exclude(date_value__isnull=False)
    for row in told.select_related("attribute", "option").order_by("pk"):
        details.setdefault(row.product_id, []).append(row)
    return Around(
        categories={row.pk: row for row in Category.objects.all()} if ids else {},
        values={row.pk: row for row in OptionValue.objects.filter(pk__in=values)},
        variants=variants,
        details=details,
        markets=dict(fetch(SEEN_IN, [ids])) if ids else {},
    )
