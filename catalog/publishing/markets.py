"""A product market by market: when it is seen there, in which words and pictures, for how much, and what it lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Sum
from modeltrans.conf import get_default_language

from catalog.actions.offers import COPY
from catalog.derived.facets import EVERYTHING
from catalog.models import (
    PUBLIC,
    EffectivePrice,
    FacetDef,
    FacetRow,
    MediaAsset,
    Product,
    ProductMarket,
    ProductMedia,
    Variant,
    VariantAvailability,
)
from catalog.pictures import FIELDS, picture_of
from catalog.publishing.lacks import Lack, lacks_of
from catalog.types import Picture
from core.money import Money, format_money
from markets.names import language_name
from markets.queries import active_markets
from markets.types import MarketContext

TEXTS = ("name", "summary", "description", "selling_points", "usage_notes", "safety_warnings")
"""Texts of a product that shoppers read, and that should therefore be there in every language of a market."""
LIBRARY = 60


@dataclass(frozen=True, kw_only=True)
class MarketRow:
    """A product in one market. `price` is a text, such as "€ 19.90 – € 24.90"; `unwritten` names languages."""

    code: str
    name: str
    currency: str
    visible: bool
    visible_from: datetime | None
    visible_until: datetime | None
    is_shown: bool
    own_words: tuple[str, ...]
    own_pictures: int
    own_films: int
    price: str
    stock: int | None
    languages: int
    complete: int
    unwritten: tuple[str, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, kw_only=True)
class MarketTable:
    """All markets, and what the product lacks wherever it is."""

    rows: tuple[MarketRow, ...]
    lacks: tuple[Lack, ...]

    @property
    def refuses(self) -> bool:
        """Whether the product cannot be put on sale as it is."""
        return any(lack.is_refusal for lack in self.lacks)


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """A picture or film that a market can have. `place` is its place in the market's own set, from 1; else none."""

    id: int
    label: str
    is_film: bool
    picture: Picture | None
    place: int | None


@dataclass(frozen=True)
class _Facts:
    offers: Mapping[int, ProductMarket]
    media: Mapping[int, Counter[str]]
    prices: Mapping[int, tuple[Any, Any, str]]
    stock: Mapping[int, int]
    shown: frozenset[int]
    lacks: Mapping[str, Sequence[Lack]]


def market_table(product: Product, *, language: str) -> MarketTable:
    """A row per active market, in words of `language`. Thirteen queries, however many markets there are."""
    lacks = lacks_of([product.pk], language=language)[product.pk]
    by_market: dict[str, list[Lack]] = defaultdict(list)
    for lack in lacks:
        by_market[lack.market].append(lack)
    facts = _facts(product, by_market)
    rows = tuple(_row(product, market, facts, language) for market in active_markets(language=language))
    return MarketTable(rows=rows, lacks=tuple(by_market[""]))


def choosable_media(product: Product, market: MarketContext, *, text: str, language: str) -> tuple[Choosable, ...]:
    """The market's own set in order, then the product's other pictures, then what the library has by this text."""
    own = list(
        ProductMedia.objects.filter(product=product, market=market.id)
        .order_by("position", "pk")
        .values_list("asset_id", flat=True)
    )
    rest = ProductMedia.objects.filter(product=product).exclude(asset__in=own).order_by("position", "pk")
    ids = list(dict.fromkeys((*own, *rest.values_list("asset_id", flat=True))))
    allowed = MediaAsset.objects.filter(market=None) | MediaAsset.objects.filter(market=market.id)
    if text.strip():
        found = (allowed.filter(code__icontains=text.strip()) | allowed.filter(alt__icontains=text.strip())).order_by(
            "-pk"
        )
        ids = list(dict.fromkeys((*ids, *found.values_list("pk", flat=True)[:LIBRARY])))
    columns = ("pk", "kind", "code", "poster__file", "poster__width", "poster__height", *FIELDS)
    rows = {row["pk"]: row for row in allowed.filter(pk__in=ids).exclude(kind="model").values(*columns)}
    return tuple(_choosable(rows[pk], own, language) for pk in ids if pk in rows)


def own_words(offer: ProductMarket | None) -> dict[str, str]:
    """The words for a market by language, without any fallback."""
    if offer is None:
        return {}
    return {
        language: offer.copy_override_html
        if language == get_default_language()
        else str((offer.i18n or {}).get(f"{COPY}_{language.replace('-', '_')}") or "")
        for language in offer.languages_of(COPY)
    }


def _choosable(row: Mapping[str, Any], own: Sequence[int], language: str) -> Choosable:
    is_film = row["kind"] == MediaAsset.Kind.VIDEO
    shown: Mapping[str, Any] | None = row
    if is_film:
        poster = row["poster__file"]
        still = {"file": poster, "width": row["poster__width"], "height": row["poster__height"]}
        shown = {**row, **still, "widths": [], "renditions": None} if poster else None
    return Choosable(
        id=row["pk"],
        label=row["alt"] or row["code"],
        is_film=is_film,
        picture=picture_of(shown, language, fallback_alt=row["code"]) if shown else None,
        place=own.index(row["pk"]) + 1 if row["pk"] in own else None,
    )


def _facts(product: Product, lacks: Mapping[str, Sequence[Lack]]) -> _Facts:
    media: dict[int, Counter[str]] = defaultdict(Counter)
    counted = ProductMedia.objects.filter(product=product, market__isnull=False).values("market", "asset__kind")
    for row in counted.annotate(n=Count("pk")).order_by():
        media[row["market"]][row["asset__kind"]] = row["n"]
    live = Variant.objects.filter(product=product, status=Variant.Status.ACTIVE)
    prices = EffectivePrice.objects.filter(variant__in=live, audience_key=PUBLIC, min_qty=1).values("market")
    priced = prices.annotate(low=Min("amount"), high=Max("amount"), currency=Min("amount_currency")).order_by()
    stock = VariantAvailability.objects.filter(variant__in=live).values("market").order_by()
    shown = FacetRow.objects.filter(product=product, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING)
    return _Facts(
        offers={row.market_id: row for row in ProductMarket.objects.filter(product=product)},
        media=media,
        prices={row["market"]: (row["low"], row["high"], row["currency"]) for row in priced},
        stock={row["market"]: row["n"] for row in stock.annotate(n=Sum("available_total"))},
        shown=frozenset(shown.values_list("market_id", flat=True)),
        lacks=lacks,
    )


def _row(product: Product, market: MarketContext, facts: _Facts, language: str) -> MarketRow:
    offer = facts.offers.get(market.id)
    media = facts.media.get(market.id, Counter())
    unwritten = [code for code in market.languages if not _is_written(product, code)]
    return MarketRow(
        code=market.code,
        name=market.name,
        currency=market.currency,
        visible=offer.visible if offer else True,
        visible_from=offer.visible_from if offer else None,
        visible_until=offer.visible_until if offer else None,
        is_shown=market.id in facts.shown,
        own_words=tuple(sorted(own_words(offer))),
        own_pictures=media[MediaAsset.Kind.IMAGE],
        own_films=media[MediaAsset.Kind.VIDEO],
        price=_price(facts.prices.get(market.id), language),
        stock=facts.stock.get(market.id),
        languages=len(market.languages),
        complete=len(market.languages) - len(unwritten),
        unwritten=tuple(language_name(code, language) for code in unwritten),
        lacks=tuple(facts.lacks.get(market.code, ())),
    )


def _is_written(product: Product, language: str) -> bool:
    """Whether every text the product has in the shop's own language is there in this one."""
    if language == get_default_language():
        return bool(product.name)
    needed: Iterable[str] = (name for name in TEXTS if getattr(product, name))
    return all(language in set(product.languages_of(name)) for name in needed)


def _price(found: tuple[Any, Any, str] | None, language: str) -> str:
    if found is None:
        return ""
    low, high, currency = found
    words = [format_money(Money(amount, currency), language) for amount in dict.fromkeys((low, high))]
    return " – ".join(words)
