"""Reviews on a product page, with their spread, and the ways to narrow them down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from catalog.listing.selection import Parameters
from catalog.models import MediaAsset, Product, Question, Review
from catalog.pictures import FIELDS, picture_of
from catalog.types import LanguageFilter, QuestionView, ReviewFilter, ReviewSummary, ReviewView, StarFilter
from markets.names import country_name, language_name
from markets.types import MarketContext

STEP = 8
MOST = 80
STARS = (5, 4, 3, 2, 1)
MOST_QUESTIONS = 20


@dataclass(frozen=True)
class ReviewChoice:
    """Which reviews are asked for: of one language, with so many stars, with pictures; and how many of them."""

    language: str = ""
    stars: int = 0
    photos: bool = False
    shown: int = STEP

    @property
    def is_filtered(self) -> bool:
        return bool(self.language or self.stars or self.photos)


def read_choice(params: Parameters, product: Product) -> ReviewChoice:
    """What an address says; what the product has no reviews of means all."""

    def last(name: str) -> str:
        return (params.get(name) or ("",))[-1]

    shown, stars = last("shown"), last("stars")
    count = int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 4 else STEP
    return ReviewChoice(
        language=last("reviews") if last("reviews") in product.review_languages else "",
        stars=int(stars) if stars in {str(one) for one in STARS} else 0,
        photos=last("photos") == "1" and product.review_photos > 0,
        shown=min(max(count, STEP), MOST),
    )


def review_rows(product: Product, choice: ReviewChoice) -> list[Review]:
    """Shown reviews, the latest first, and one more where there are more. Two queries."""
    if not product.rating_count:
        return []
    rows: QuerySet[Review] = Review.objects.filter(product=product, state=Review.State.APPROVED)
    if choice.language:
        rows = rows.filter(language=choice.language)
    if choice.stars:
        rows = rows.filter(rating=choice.stars)
    if choice.photos:
        rows = rows.filter(assets__isnull=False).distinct()
    if product.review_photos:
        rows = rows.prefetch_related(Prefetch("assets", MediaAsset.objects.order_by("pk")))
    return list(rows.select_related("market").order_by("-written_on", "-pk")[: choice.shown + 1])


def review_views(rows: Sequence[Review], choice: ReviewChoice, market: MarketContext) -> tuple[ReviewView, ...]:
    """Reviews in the reader's language where a translation exists; it says so and keeps the original."""
    return tuple(_view(row, market.language) for row in rows[: choice.shown])


def review_summary(product: Product, choice: ReviewChoice, url: str, found: int) -> ReviewSummary:
    """Average, spread from five stars down, and the filters. `found` is how many rows there were, one more at most."""
    return ReviewSummary(
        average=product.rating_avg,
        count=product.rating_count,
        distribution=_spread(product, choice, url),
        languages=_languages(product, choice, url),
        shown=min(found, choice.shown),
        more_url=_url(url, replace(choice, shown=choice.shown + STEP)) if choice.shown < min(found, MOST) else None,
        photos=_photos(product, choice, url),
        is_filtered=choice.is_filtered,
        clear_url=_url(url, ReviewChoice()),
    )


def question_views(product: Product, market: MarketContext) -> tuple[QuestionView, ...]:
    """Answered questions in the reader's language, the latest first. One query."""
    rows = Question.objects.filter(product=product, state=Question.State.APPROVED, language=market.language)
    return tuple(
        QuestionView(row.pk, row.body, row.author_name, row.language, row.answer, row.created.date())
        for row in rows.order_by("-answered_at", "-pk")[:MOST_QUESTIONS]
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
        pictures=tuple(picture_of(_columns(asset), language, fallback_alt=row.title) for asset in _assets(row)),
        id=row.pk,
        rewarded=row.rewarded,
        answer=row.answer,
        answer_language=row.answer_language,
        helpful=row.helpful,
    )


def _assets(row: Review) -> Sequence[MediaAsset]:
    """Only those fetched along: a product without pictures in its reviews costs no query."""
    found: Sequence[MediaAsset] = getattr(row, "_prefetched_objects_cache", {}).get("assets", ())
    return found


def _columns(asset: MediaAsset) -> Mapping[str, object]:
    return {name: asset.file.name if name == "file" else getattr(asset, name) for name in FIELDS}


def _place(row: Review, language: str) -> str:
    """The country of a market of one country, else the market's name."""
    code = row.market.code.upper()
    return str(row.market.names.get(language) or (country_name(code, language) if len(code) == 2 else row.market.name))


def _spread(product: Product, choice: ReviewChoice, url: str) -> tuple[StarFilter, ...]:
    counts = list(product.rating_counts) or [0] * 5
    total = sum(counts)
    found = []
    for stars in STARS:
        count, selected = counts[stars - 1], choice.stars == stars
        there = _url(url, replace(choice, stars=0 if selected else stars, shown=STEP)) if count else ""
        found.append(StarFilter(stars, count, round(100 * count / total) if total else 0, selected, there))
    return tuple(found)


def _photos(product: Product, choice: ReviewChoice, url: str) -> ReviewFilter | None:
    if not product.review_photos:
        return None
    there = _url(url, replace(choice, photos=not choice.photos, shown=STEP))
    return ReviewFilter(product.review_photos, choice.photos, there)


def _languages(product: Product, choice: ReviewChoice, url: str) -> tuple[LanguageFilter, ...]:
    found = sorted(product.review_languages.items(), key=lambda item: (-item[1], item[0]))

    def to(code: str) -> str:
        return _url(url, replace(choice, language=code, shown=STEP))

    everything = LanguageFilter("", _("All languages"), product.rating_count, not choice.language, to(""))
    return (
        everything,
        *(
            LanguageFilter(code, language_name(code, code), count, code == choice.language, to(code))
            for code, count in found
        ),
    )


def _url(url: str, choice: ReviewChoice) -> str:
    pairs = [("reviews", choice.language)] if choice.language else []
    pairs += [("stars", str(choice.stars))] if choice.stars else []
    pairs += [("photos", "1")] if choice.photos else []
    pairs += [("shown", str(choice.shown))] if choice.shown > STEP else []
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}{urlencode(pairs)}#reviews" if pairs else f"{url}#reviews"
