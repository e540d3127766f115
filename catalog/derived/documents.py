"""Search documents: what a product says in each language, weighed and stemmed."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection
from modeltrans.conf import get_available_languages

from catalog.derived.texts import Around, Texts
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Category,
    OptionValue,
    Product,
    ProductAttribute,
    SearchDocument,
    Variant,
)
from catalog.search.normalise import fold
from catalog.search.stems import stems_of
from catalog.search.vectors import Field, Vectors, norms_of
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


def derive_documents(product_ids: Collection[int]) -> None:
    """The documents of active products are written anew; those of others go. Facet rows must be up to date."""
    products = list(
        Product.objects.filter(pk__in=product_ids, status=Product.Status.ACTIVE)
        .select_related("brand", "product_type")
        .prefetch_related("categories")
    )
    around = _around(products)
    SearchDocument.objects.filter(product__in=set(product_ids) - {row.pk for row in products}).delete()
    texts = Texts(around)
    languages = get_available_languages()
    drafts = [(product, texts.fields(product, languages)) for product in products]
    vectors = Vectors(_stems(fields for _product, groups in drafts for fields in groups))
    rows = [
        (
            product.pk,
            " ".join(fold(fields[0].said[0].text).split()),
            norms_of(fields),
            around.markets.get(product.pk, []),
            vectors.vector_of(fields),
            said,
            [vectors.plain_words(fields, language) for language in said],
        )
        for product, groups in drafts
        for fields, said in groups.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)


def _stems(drafts: Iterable[Sequence[Field]]) -> dict[str, dict[str, str]]:
    """All stems the batch needs, by language: one question per language, none when warm."""
    wanted: dict[str, set[str]] = {}
    for said in {said for fields in drafts for field in fields for said in field.said}:
        forms = wanted.setdefault(said.language, set())
        for word in said.words:
            forms.add(word.form)
            forms.update(word.also)
    return {language: stems_of(forms, language) for language, forms in wanted.items()}


def _around(products: list[Product]) -> Around:
    ids = [product.pk for product in products]
    variants: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(product__in=ids, status=Variant.Status.ACTIVE).order_by("position", "pk"):
        variants.setdefault(variant.product_id, []).append(variant)
    values = {pk for rows in variants.values() for variant in rows for pk in variant.value_ids}
    details: dict[int, list[ProductAttribute]] = {}
    told = list(
        ProductAttribute.objects.filter(product__in=ids)
        .exclude(bool_value=False)
        .exclude(date_value__isnull=False)
        .order_by("pk")
    )
    for row in told:
        details.setdefault(row.product_id, []).append(row)
    return Around(
        categories={row.pk: row for row in Category.objects.all()} if ids else {},
        values={row.pk: row for row in OptionValue.objects.filter(pk__in=values)},
        variants=variants,
        details=details,
        attributes=AttributeDef.objects.in_bulk({row.attribute_id for row in told}),
        options=AttributeOption.objects.in_bulk({row.option_id for row in told if row.option_id is not None}),
        markets=dict(fetch(SEEN_IN, [ids])) if ids else {},
    )
