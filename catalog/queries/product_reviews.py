"""Reviews on a product page, with their spread and the languages they are in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from catalog.listing.selection import Parameters
from catalog.models import Product, Review
from catalog.types import LanguageFilter, ReviewSummary, ReviewView
from markets.names import country_name, language_name
from markets.types import MarketContext

STEP = 8
MOST = 80


@dataclass(frozen=True)
class ReviewChoice:
    """Which reviews are asked for: one language or all, and how many."""

    language: str
    shown: int


def read_choice(params: Parameters, product: Product) -> ReviewChoice:
    """What an address says; a language without reviews means all."""
    language = (params.get("reviews") or ("",))[-1]
    shown = (params.get("shown") or ("",))[-1]
    count = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 4 else STEP
    known = language if language in product.review_languages else ""
    return ReviewChoice(known, min(max(count, STEP), MOST))


def review_views(rows: list[Review], market: MarketContext) -> tuple[ReviewView, ...]:
    """Reviews in the reader's language where a translation exists; it says so and keeps the original."""
    return tuple(_view(row, market.language) for row in rows)


def review_summary(product: Product, choice: ReviewChoice, url: str, shown: int) -> ReviewSummary:
    """Average, spread from five stars down, and the language filter."""
    counts = list(product.rating_counts) or [0] * 5
    total = sum(counts)
    spread = tuple(
        (stars, counts[stars - 1], round(100 * counts[stars - 1] / total) if total else 0) for stars in (5, 4, 3, 2, 1)
    )
    available = product.review_languages.get(choice.language, 0) if choice.language else total
    return ReviewSummary(
        average=product.rating_avg,
        count=product.rating_count,
        distribution=spread,
        languages=_languages(product, choice, url),
        shown=shown,
        more_url=_url(url, choice.language, choice.shown + STEP) if shown < min(available, MOST) else None,
    )


def _view(row: Review, language: str) -> ReviewView:
    words = row.translations.get(language, {}) if row.language != language else {}
    translated = bool(words.get("body") or words.get("title"))
    return ReviewView(
        title=words.get("title", "") if translated else row.title,
        body=words.get("body", "") if translated else row.body,
        rating=row.rating,
        author=row.author_name,
        date=row.written_on,
        language=row.language,
        translated=translated,
        market=_place(row, language),
        verified=row.verified,
        original_title=row.title if translated else "",
        original_body=row.body if translated else "",
    )


def _place(row: Review, language: str) -> str:
    """The country of a market of one country, else the market's name."""
    code = row.market.code.upper()
    return str(row.market.names.get(language) or (country_name(code, language) if len(code) == 2 else row.market.name))


def _languages(product: Product, choice: ReviewChoice, url: str) -> tuple[LanguageFilter, ...]:
    found = sorted(product.review_languages.items(), key=lambda item: (-item[1], item[0]))
    everything = LanguageFilter("", _("All languages"), product.rating_count, not choice.language, _url(url, "", STEP))
    return (
        everything,
        *(
            LanguageFilter(code, language_name(code, code), count, code == choice.language, _url(url, code, STEP))
            for code, count in found
        ),
    )


def _url(url: str, language: str, shown: int) -> str:
    pairs = [("reviews", language)] if language else []
    if shown > STEP:
        pairs.append(("shown", str(shown)))
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}{urlencode(pairs)}#reviews" if pairs else f"{url}#reviews"
