"""Slugs to things, and the same thing's slugs in other languages."""

from catalog.addresses import below_prefix, category_path
from catalog.cache import remembered
from catalog.errors import MovedTo, NotFound
from catalog.models import Route
from markets.queries import market_by_code
from markets.types import MarketContext


def find_category(market: MarketContext, slug: str) -> int:
    """The category of a slug; kept in memory. Raises `NotFound` or `MovedTo`."""
    known = remembered(("category routes", market.language), lambda: _category_routes(market.language))
    found = known.get(slug)
    if found is not None:
        return found
    return _find("category", market.language, slug)


def find_product(market: MarketContext, slug: str) -> int:
    """The product of a current slug. Raises `NotFound` or `MovedTo`."""
    return _find("product", market.language, slug)


def _find(owner: str, language: str, slug: str) -> int:
    """One query for a current slug; another for an old one or one of another language."""
    rows = Route.objects.filter(slug=slug).exclude(**{owner: None}).values_list(f"{owner}_id", "language", "current")
    found = sorted(rows, key=lambda row: (row[1] != language, not row[2]))
    if not found:
        raise NotFound
    target, spoken, current = found[0]
    if spoken == language and current:
        return int(target)
    now = (
        Route.objects.filter(**{owner: target}, language=language, current=True).values_list("slug", flat=True).first()
    )
    if now is None or now == slug:
        raise NotFound
    raise MovedTo(now)


def category_alternates(market: MarketContext, category_id: int) -> dict[str, str]:
    """Language to the category's path below the prefix; kept in memory."""
    return remembered(("category paths", market.code, category_id), lambda: _alternates(market, category_id))


def _alternates(market: MarketContext, category_id: int) -> dict[str, str]:
    slugs = Route.objects.filter(category=category_id, current=True).values_list("language", "slug")
    found = {}
    for language, slug in slugs:
        there = market_by_code(market.code, language=language)
        if there.language == language:
            found[language] = below_prefix(there, category_path(there, slug))
    return found


def _category_routes(language: str) -> dict[str, int]:
    rows = Route.objects.filter(language=language, current=True).exclude(category=None)
    return dict(rows.values_list("slug", "category_id"))
