"""What operators teach the search, and how often a query was asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.cache import forget_on_commit
from catalog.errors import RedirectProblem, SynonymProblem
from catalog.models import Category, Product, SearchQueryCount, SearchRedirect, Synonym
from catalog.search.words import key_of
from catalog.sql import execute
from core import audit
from markets.current import in_market
from markets.queries import active_markets

LONGEST_QUERY = 60
MOST_WORDS = 8
KEPT_DAYS = 90
PERSONAL = re.compile(r"@|[0-9](?:[\s./-]?[0-9]){5,}|https?:|www\.")
"""An address, or digits like those of a telephone, card or order: such a query is not kept."""
PATH = re.compile(r"[\w%.~-]+(?:/[\w%.~-]+)*/?(?:\?[\w%.~=&+-]*)?")
COUNT = """
INSERT INTO catalog_searchquerycount (market_id, language, day, normal, searches, results)
VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (market_id, language, day, normal) DO UPDATE
SET searches = catalog_searchquerycount.searches + 1, results = EXCLUDED.results
"""


@dataclass(frozen=True, kw_only=True)
class RedirectDraft:
    """A query and the one page it leads to."""

    language: str
    query: str
    category: Category | None = None
    product: Product | None = None
    path: str = ""


@transaction.atomic
def put_synonym(*, language: str, term: str, means: Sequence[str], synonym_id: int | None = None) -> Synonym:
    """A search for `term` also finds what each of `means` finds. Raises `SynonymProblem`."""
    check_synonym(language=language, term=term, means=means)
    plain = " ".join(term.split())
    same = Synonym.objects.select_for_update().filter(language=language, term=plain)
    if synonym_id is not None and same.exclude(pk=synonym_id).exists():
        raise SynonymProblem(_("This word has synonyms already."))
    row = Synonym.objects.get(pk=synonym_id) if synonym_id is not None else same.first() or Synonym()
    row.language, row.term = language, plain
    row.means = list(dict.fromkeys(" ".join(word.split()) for word in means if word.strip()))
    row.save()
    audit.record("catalog.put_synonym", row, data={"language": language, "term": plain, "means": row.means})
    forget_on_commit()
    return row


@transaction.atomic
def put_redirect(*, draft: RedirectDraft, redirect_id: int | None = None) -> SearchRedirect:
    """Whoever searches for the query is led to one page. Raises `RedirectProblem` when there is none or it leads away.

    Without `redirect_id` the redirect of this query is made or changed; with it, that row.
    """
    check_redirect(draft)
    normal = key_of(draft.query, draft.language)[:120]
    same = SearchRedirect.objects.select_for_update().filter(language=draft.language, normal=normal)
    if redirect_id is not None and same.exclude(pk=redirect_id).exists():
        raise RedirectProblem(_("Another redirect has this query."))
    row = SearchRedirect.objects.get(pk=redirect_id) if redirect_id is not None else same.first() or SearchRedirect()
    for name, value in {**vars(draft), "normal": normal, "path": draft.path.strip()}.items():
        setattr(row, name, value)
    row.save()
    audit.record("catalog.put_redirect", row, data={"language": row.language, "query": row.query})
    forget_on_commit()
    return row


@transaction.atomic
def remove_synonym(*, synonym_id: int) -> None:
    """The word stands for itself again."""
    row = Synonym.objects.get(pk=synonym_id)
    audit.record("catalog.remove_synonym", row, data={"language": row.language, "term": row.term})
    row.delete()
    forget_on_commit()


@transaction.atomic
def remove_redirect(*, redirect_id: int) -> None:
    """The query is searched for again."""
    row = SearchRedirect.objects.get(pk=redirect_id)
    audit.record("catalog.remove_redirect", row, data={"language": row.language, "query": row.query})
    row.delete()
    forget_on_commit()


def check_redirect(draft: RedirectDraft) -> None:
    """Raises `RedirectProblem`: a query, exactly one target, and a path that is a page of the shop."""
    _check_language(draft.language, RedirectProblem)
    if not key_of(draft.query, draft.language):
        raise RedirectProblem(_("The query needs a letter or a digit."))
    if sum(map(bool, (draft.category, draft.product, draft.path.strip()))) != 1:
        raise RedirectProblem(_("Choose a category, a product or a path: exactly one of them."))
    if draft.path.strip() and not _is_page(draft.path.strip(), draft.language):
        raise RedirectProblem(_("No page has this path. Write it without the market, such as pages/returns/."))


def check_synonym(*, language: str, term: str, means: Sequence[str]) -> None:
    """Raises `SynonymProblem`: a word, and others than itself."""
    _check_language(language, SynonymProblem)
    key = key_of(term, language)
    others = [word for word in means if key_of(word, language)]
    if not key or not others:
        raise SynonymProblem(_("A word, and at least one other it stands for, are needed."))
    if any(key_of(other, language) == key for other in others):
        raise SynonymProblem(_("A word is no synonym of itself."))


def count_query(*, market_id: int, language: str, text: str, results: int) -> None:
    """One more search for these words today. Who asked is not kept, nor a query that could name somebody."""
    plain = " ".join(text.lower().split())
    if not plain or len(plain) > LONGEST_QUERY or len(plain.split()) > MOST_WORDS or PERSONAL.search(plain):
        return
    execute(COUNT, [market_id, language, timezone.now().date(), plain, results])


def forget_queries() -> int:
    """Counts older than ninety days go; returns how many."""
    old = SearchQueryCount.objects.filter(day__lt=timezone.now().date() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]


def _check_language(language: str, problem: type[SynonymProblem] | type[RedirectProblem]) -> None:
    if language not in dict(settings.LANGUAGES):
        raise problem(_("The shop does not speak this language."))


def _is_page(path: str, language: str) -> bool:
    """Whether the path leads to a page of some market; what it leads to there is looked at when somebody asks."""
    if not PATH.fullmatch(path) or ".." in path:
        return False
    for market in active_markets(language=language):
        with in_market(market), override(market.language):
            try:
                resolve(f"{market.url_prefix}{path.partition('?')[0]}")
            except Resolver404:
                continue
            return True
    return False
