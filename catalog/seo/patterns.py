"""Titles and descriptions from a market's patterns. No query when warm."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from catalog.cache import remembered
from catalog.models.seo import PLACEHOLDER, MetaTemplate
from markets.types import MarketContext

LONGEST_TITLE = 160
LONGEST_DESCRIPTION = 400
DANGLING = re.compile(r"(?:\s*[|·–—,:;-]\s*)+$|^(?:\s*[|·–—,:;-]\s*)+")
DOUBLED = re.compile(r"(\s[|·–—-])(?:\s+[|·–—-])+(?=\s)")


@dataclass(frozen=True)
class Meta:
    """What stands in a page's head."""

    title: str
    description: str


def meta_of(market: MarketContext, kind: str, own: Meta, facts: Mapping[str, str]) -> Meta:
    """The page's own words where it has some, else the market's pattern filled with `facts`, else its name."""
    pattern = _patterns(market).get(kind, Meta("", ""))
    return Meta(
        title=own.title or filled(pattern.title, facts)[:LONGEST_TITLE] or facts["name"],
        description=own.description or filled(pattern.description, facts)[:LONGEST_DESCRIPTION],
    )


def filled(pattern: str, facts: Mapping[str, str]) -> str:
    """The pattern with facts in it. A fact that is not known leaves no gap and no lonely dash."""
    text = PLACEHOLDER.sub(lambda found: facts.get(found[1], ""), pattern)
    text = DOUBLED.sub(r"\1", " ".join(text.split()))
    return DANGLING.sub("", text).strip()


def _patterns(market: MarketContext) -> Mapping[str, Meta]:
    return remembered(("meta patterns", market.code, market.language), lambda: _load(market))


def _load(market: MarketContext) -> dict[str, Meta]:
    """By kind of page; a market's own pattern covers the general one, title and description each."""
    rows = MetaTemplate.objects.filter(Q(market=None) | Q(market=market.id), language=market.language)
    found: dict[str, Meta] = {}
    for row in sorted(rows, key=lambda row: row.market_id is not None):
        general = found.get(row.kind, Meta("", ""))
        found[row.kind] = Meta(row.title or general.title, row.description or general.description)
    return found
