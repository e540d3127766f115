"""Search documents per language, and the words and phrases searches are corrected with and completed to."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.html import strip_tags
from modeltrans.conf import get_available_languages

from catalog.models import Category, OptionValue, Product, ProductAttribute, SearchDocument, SearchTerm, Variant
from catalog.search.configs import config_of
from catalog.search.normalise import fold, is_cjk, pieces, tokens
from catalog.sql import execute

WRITE = """
INSERT INTO catalog_searchdocument (product_id, language, title, words, norms, markets, vector, updated)
VALUES (%s, %s, %s, %s, '{}', '{}',
  setweight(to_tsvector(%s::regconfig, %s), 'A') || setweight(to_tsvector(%s::regconfig, %s), 'B')
  || setweight(to_tsvector(%s::regconfig, %s), 'C') || setweight(to_tsvector(%s::regconfig, %s), 'D'), now())
ON CONFLICT (product_id, language) DO UPDATE
SET title = EXCLUDED.title, words = EXCLUDED.words, vector = EXCLUDED.vector, updated = now()
"""
WORDS = """
INSERT INTO catalog_searchterm (language, kind, normal, label, lexeme, products)
SELECT d.language, 'word', w.word, w.word, w.word, count(DISTINCT d.product_id)
FROM catalog_searchdocument d
JOIN catalog_product p ON p.id = d.product_id AND p.status = 'active'
CROSS JOIN LATERAL unnest(string_to_array(d.words, ' ')) AS w(word)
WHERE length(w.word) BETWEEN 3 AND 40
GROUP BY d.language, w.word
"""


@dataclass(frozen=True)
class Vocabulary:
    """Names around a batch of products, loaded once."""

    categories: dict[int, Category]
    values: dict[int, OptionValue]
    variants: dict[int, list[Variant]]
    details: dict[int, list[ProductAttribute]]


def derive_documents(product_ids: Collection[int]) -> None:
    """The documents of active products are written anew; those of others go."""
    products = list(
        Product.objects.filter(pk__in=product_ids, status=Product.Status.ACTIVE)
        .select_related("brand", "product_type")
        .prefetch_related("categories")
    )
    around = _vocabulary(products)
    SearchDocument.objects.filter(product__in=set(product_ids) - {row.pk for row in products}).delete()
    rows = [_document(row, language, around) for row in products for language in get_available_languages()]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)


@transaction.atomic
def derive_terms() -> None:
    """Words of all documents, and names of categories as phrases, replace the terms there were."""
    SearchTerm.objects.all().delete()
    execute(WORDS, ())
    SearchTerm.objects.bulk_create(_phrases(), ignore_conflicts=True, batch_size=1000)


def _phrases() -> Iterable[SearchTerm]:
    for category in Category.objects.filter(active=True):
        for language in get_available_languages():
            label = category.text("name", language)
            if label:
                yield SearchTerm(language=language, kind="phrase", normal=fold(label), label=label)


def _vocabulary(products: list[Product]) -> Vocabulary:
    ids = [product.pk for product in products]
    variants: dict[int, list[Variant]] = {}
    for variant in Variant.objects.filter(product__in=ids, status=Variant.Status.ACTIVE).order_by("position", "pk"):
        variants.setdefault(variant.product_id, []).append(variant)
    values = {pk for rows in variants.values() for variant in rows for pk in variant.value_ids}
    details: dict[int, list[ProductAttribute]] = {}
    searchable = ProductAttribute.objects.filter(product__in=ids, attribute__searchable=True)
    filterable = ProductAttribute.objects.filter(product__in=ids, attribute__filterable=True)
    for row in (searchable | filterable).select_related("attribute", "option").order_by("pk"):
        details.setdefault(row.product_id, []).append(row)
    return Vocabulary(
        categories={row.pk: row for row in Category.objects.all()} if ids else {},
        values={row.pk: row for row in OptionValue.objects.filter(pk__in=values)},
        variants=variants,
        details=details,
    )


def _document(product: Product, language: str, around: Vocabulary) -> tuple[str | int, ...]:
    """The statement's values. Weights: A name, B brand, categories, options; C summary, details; D the rest."""
    name = product.text("name", language)
    variants = around.variants.get(product.pk, [])
    near = [
        *_shelves(product, language, around),
        product.brand.name if product.brand else "",
        product.model_code,
        *product.tags,
        *{
            around.values[pk].text("name", language): None
            for row in variants
            for pk in row.value_ids
            if pk in around.values
        },
    ]
    about = [product.text("summary", language), *_details(product, language, around)]
    far = [
        product.text("selling_points", language),
        strip_tags(product.text("description", language).replace("<", " <")),
        *(variant.sku for variant in variants),
    ]
    config = config_of(language)
    parts = [name, " ".join(near), " ".join(about), " ".join(far)]
    weighted = [part for text in parts for part in (config, " ".join(tokens(text)))]
    return (product.pk, language, fold(name), _plain_words([*parts[:3]]), *weighted)


def _shelves(product: Product, language: str, around: Vocabulary) -> list[str]:
    """The names of the product's categories and of those above them."""
    found: dict[int, str] = {}
    waiting = [product.primary_category_id, *(row.pk for row in product.categories.all())]
    while waiting:
        category = around.categories.get(waiting.pop() or 0)
        if category is not None and category.pk not in found:
            found[category.pk] = category.text("name", language)
            waiting.append(category.parent_id)
    return list(found.values())


def _details(product: Product, language: str, around: Vocabulary) -> list[str]:
    rows = around.details.get(product.pk, [])
    return [row.option.text("name", language) if row.option else row.text("text_value", language) or "" for row in rows]


def _plain_words(texts: list[str]) -> str:
    """Distinct words for corrections; runs of Chinese and Japanese cannot be misspelt letter by letter."""
    words = {word for text in texts for word in pieces(text) if not is_cjk(word) and not re.match(r"[0-9]", word)}
    return " ".join(sorted(words))
