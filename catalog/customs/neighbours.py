"""Goods codes that approved neighbours have: the same product, category, type or brand, or the same head word.

One round of questions for a page of products, however many rows it has.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Product, Variant
from markets.models import HsCode

SAME_PRODUCT, SAME_CATEGORY, SAME_TYPE, SAME_BRAND, SAME_WORD = 100, 6, 2, 1, 5
MOST = 3
DIGITS = 6

LATELY, OF_WORD = 1000, 60
"""Similar things are looked for among so many variants reviewed last and so many products of each word."""

NEAR = """
WITH mine AS MATERIALIZED (
  SELECT s.product_id, head.word
  FROM catalog_searchdocument s CROSS JOIN LATERAL unnest(tsvector_to_array(ts_filter(s.vector, '{a}'))) AS head(word)
  WHERE s.product_id = ANY(%(products)s) AND s.language = %(language)s
), asked AS MATERIALIZED (
  SELECT DISTINCT word FROM mine
), lately AS MATERIALIZED (
  SELECT product_id, hs_code FROM catalog_variant WHERE classified_at IS NOT NULL AND status <> 'archived'
  ORDER BY classified_at DESC LIMIT %(lately)s
), of_word AS MATERIALIZED (
  SELECT asked.word, near.product_id FROM asked CROSS JOIN LATERAL (
    SELECT d.product_id, d.vector FROM catalog_searchdocument d WHERE d.language = %(language)s
     AND d.vector @@ quote_literal(replace(asked.word, chr(92), ''))::tsquery LIMIT %(of_word)s
  ) near WHERE near.vector @@ (quote_literal(replace(asked.word, chr(92), '')) || ':A')::tsquery
), alike AS (
  SELECT head.word, reviewed.product_id, reviewed.hs_code FROM (SELECT DISTINCT * FROM lately) reviewed
  JOIN catalog_searchdocument d ON d.product_id = reviewed.product_id AND d.language = %(language)s
  CROSS JOIN LATERAL unnest(tsvector_to_array(ts_filter(d.vector, '{a}'))) AS head(word)
  WHERE head.word IN (SELECT word FROM asked)
  UNION
  SELECT of_word.word, v.product_id, v.hs_code FROM catalog_variant v JOIN of_word ON of_word.product_id = v.product_id
  WHERE v.product_id = ANY(ARRAY(SELECT product_id FROM of_word)) AND v.classified_at IS NOT NULL
   AND v.status <> 'archived'
), found AS MATERIALIZED (
  SELECT mine.product_id, alike.hs_code, mine.word, min(alike.product_id) AS neighbour
  FROM mine JOIN alike ON alike.word = mine.word AND alike.product_id <> mine.product_id GROUP BY 1, 2, 3
)
SELECT found.product_id, found.hs_code, found.word, p.name FROM found JOIN catalog_product p ON p.id = found.neighbour
"""


@dataclass(frozen=True)
class Suggestion:
    """A goods code with why: its points, what it is in words, and the neighbours that have it."""

    hs_code: str
    points: int
    words: str
    why: str


@dataclass
class _Evidence:
    """What speaks for one code for one product."""

    points: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, points: int, reason: str) -> None:
        self.points += 0 if reason in self.reasons else points
        self.reasons.setdefault(reason, points)


def suggestions_for(products: Collection[Product], *, language: str) -> Mapping[int, tuple[Suggestion, ...]]:
    """Up to three codes per product, best first, from variants whose code somebody approved. Five queries at most."""
    found: dict[int, dict[str, _Evidence]] = {product.pk: {} for product in products}
    if not found:
        return {}
    _siblings(found)
    _of_shelves(found, products)
    _of_words(found, language)
    best = {
        pk: sorted(codes.items(), key=lambda pair: (-pair[1].points, pair[0]))[:MOST] for pk, codes in found.items()
    }
    words = words_of({code for codes in best.values() for code, _evidence in codes})
    return {
        pk: tuple(
            Suggestion(code, evidence.points, words.get(code[:DIGITS], ""), _why(evidence)) for code, evidence in codes
        )
        for pk, codes in best.items()
    }


def words_of(codes: Iterable[str]) -> dict[str, str]:
    """What codes are, by their first six digits: heading and subheading in one line."""
    wanted = {code[:DIGITS] for code in codes if code}
    rows = HsCode.objects.filter(code__in=wanted).select_related("parent")
    return {row.code: f"{row.parent.words()} › {row.words()}" if row.parent else row.words() for row in rows}


def _approved() -> Any:
    return Variant.objects.exclude(classification_status=Variant.Classification.DRAFT).exclude(
        status=Variant.Status.ARCHIVED
    )


def _siblings(found: dict[int, dict[str, _Evidence]]) -> None:
    rows = _approved().filter(product_id__in=found).values_list("product_id", "hs_code").distinct()
    for product_id, code in rows:
        _note(found, product_id, code, SAME_PRODUCT, _("another variant of this product has it"))


def _of_shelves(found: dict[int, dict[str, _Evidence]], products: Collection[Product]) -> None:
    """Codes of the same category, and of the same brand within the same type."""
    categories = {product.primary_category_id for product in products if product.primary_category_id}
    types = {product.product_type_id for product in products}
    brands = {product.brand_id for product in products if product.brand_id}
    groups = (
        _approved()
        .filter(
            Q(product__primary_category_id__in=categories)
            | Q(product__product_type_id__in=types, product__brand_id__in=brands)
        )
        .values("hs_code", "product__primary_category_id", "product__product_type_id", "product__brand_id")
        .annotate(count=Count("product_id", distinct=True), name=Min("product__name"))
    )
    for group in groups:
        for product in products:
            _compare(found, product, group)


def _compare(found: dict[int, dict[str, _Evidence]], product: Product, group: Mapping[str, Any]) -> None:
    told = {"name": group["name"], "count": group["count"]}
    code = group["hs_code"]
    same_type = group["product__product_type_id"] == product.product_type_id
    if product.primary_category_id and group["product__primary_category_id"] == product.primary_category_id:
        points = SAME_CATEGORY + (SAME_TYPE if same_type else 0)
        sentence = ngettext(
            "the same category: %(name)s", "the same category: %(name)s and %(count)d in all", group["count"]
        )
        _note(found, product.pk, code, points, sentence % told)
    if product.brand_id and group["product__brand_id"] == product.brand_id and same_type:
        _note(found, product.pk, code, SAME_BRAND + SAME_TYPE, _("the same brand and type: %(name)s") % told)


def _of_words(found: dict[int, dict[str, _Evidence]], language: str) -> None:
    """Products of which the search says that they are the same kind of thing."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "products": list(found), "language": language, "lately": LATELY, "of_word": OF_WORD
        }  # fmt: skip
        cursor.execute(NEAR, asked)
        for product_id, code, word, name in cursor.fetchall():
            sentence = _("a similar word, %(word)s: %(name)s") % {"word": word, "name": name}
            _note(found, product_id, code, SAME_WORD, sentence)


def _note(found: dict[int, dict[str, _Evidence]], product_id: int, code: str | None, points: int, why: str) -> None:
    if code:
        found[product_id].setdefault(code, _Evidence()).add(points, why)


def _why(evidence: _Evidence) -> str:
    best = sorted(evidence.reasons.items(), key=lambda pair: -pair[1])[:MOST]
    return "; ".join(reason for reason, _points in best)
