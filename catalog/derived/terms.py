"""The words and phrases of the catalogue: what queries are corrected with, completed to and weighed by."""

from collections.abc import Collection, Iterable

from django.db import transaction
from modeltrans.conf import get_available_languages

from catalog.models import Category, SearchTerm
from catalog.search.words import key_of
from catalog.sql import execute, fetch

ANEW_BELOW = 20_000
"""So many documents are counted anew after every change; of more, only the words of what changed are added."""
ANEW_SHARE = 0.1
WORDS = """
SELECT d.language, split_part(w.word, E'\\t', 1) AS normal, max(split_part(w.word, E'\\t', 3)) AS label,
       max(split_part(w.word, E'\\t', 2)) AS lexeme, count(*) AS products
FROM catalog_searchdocument d CROSS JOIN LATERAL unnest(string_to_array(d.words, ' ')) AS w(word)
WHERE d.words <> '' AND cardinality(d.markets) > 0 {some}
GROUP BY 1, 2
"""
ALL_AGAIN = f"""
WITH fresh AS MATERIALIZED ({WORDS.format(some="")}),
gone AS (
  DELETE FROM catalog_searchterm t WHERE t.kind = 'word'
  AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.language = t.language AND f.normal = t.normal)
)
INSERT INTO catalog_searchterm (language, kind, normal, label, lexeme, products)
SELECT language, 'word', normal, label, lexeme, products FROM fresh
ON CONFLICT (language, kind, normal) DO UPDATE
SET label = EXCLUDED.label, lexeme = EXCLUDED.lexeme, products = EXCLUDED.products
WHERE (catalog_searchterm.label, catalog_searchterm.lexeme, catalog_searchterm.products)
   IS DISTINCT FROM (EXCLUDED.label, EXCLUDED.lexeme, EXCLUDED.products)
"""  # noqa: S608 (constants only)
ADD_SOME = f"""
INSERT INTO catalog_searchterm (language, kind, normal, label, lexeme, products)
SELECT language, 'word', normal, label, lexeme, products FROM
  ({WORDS.format(some="AND d.product_id = ANY(%(products)s::bigint[])")}) changed
ORDER BY language, normal
ON CONFLICT (language, kind, normal) DO NOTHING
"""  # noqa: S608 (constants only)
TURN = "SELECT pg_advisory_xact_lock(hashtext('catalog_searchterm'))"
DOCUMENTS = "SELECT count(*) FROM (SELECT 1 FROM catalog_searchdocument LIMIT %s) AS few"
PRODUCTS = "SELECT count(*) FROM catalog_product WHERE status = 'active'"


@transaction.atomic
def derive_terms(changed: Collection[int] | None = None) -> None:
    """The terms follow the documents: all of them, or in a large catalogue the words of `changed` products.

    Counts of a large catalogue are exact again after the next full derivation; new words are found at once.
    """
    fetch(TURN, ())
    if changed is None or _is_worth_all(len(changed)):
        execute(ALL_AGAIN, ())
    else:
        execute(ADD_SOME, {"products": sorted(changed)})
    _derive_phrases()


def _is_worth_all(changed: int) -> bool:
    if fetch(DOCUMENTS, [ANEW_BELOW])[0][0] < ANEW_BELOW:
        return True
    return changed >= int(fetch(PRODUCTS, ())[0][0]) * ANEW_SHARE


def _derive_phrases() -> None:
    wanted = {(row.language, row.normal): row for row in _phrases()}
    phrases = SearchTerm.objects.filter(kind=SearchTerm.Kind.PHRASE)
    there = {(row.language, row.normal): row for row in phrases}
    phrases.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    SearchTerm.objects.bulk_create(
        [row for key, row in wanted.items() if key not in there or there[key].label != row.label],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["language", "kind", "normal"],
        update_fields=["label"],
    )


def _phrases() -> Iterable[SearchTerm]:
    for category in Category.objects.filter(active=True):
        for language in get_available_languages():
            label = category.text("name", language)
            normal = key_of(label, language)[:160] if label else ""
            if normal:
                yield SearchTerm(language=language, kind=SearchTerm.Kind.PHRASE, normal=normal, label=label)
