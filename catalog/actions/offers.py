"""Where a product is seen, and a market's own words and pictures: changed for several markets at once."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from catalog.actions.derived import mark_dirty
from catalog.drafts import Words
from catalog.errors import ChangedMeanwhile, MediaNotForMarket, WindowEndsBeforeItBegins
from catalog.events import ProductChanged
from catalog.markup import clean_html
from catalog.models import MediaAsset, Product, ProductMarket, ProductMedia
from catalog.translating.noting import note_texts
from core import audit
from core.events import publish
from markets.models import Market

VISIBILITY, WORDS, MEDIA = "visibility", "words", "media"
PARTS = (VISIBILITY, WORDS, MEDIA)
COPY = "copy_override_html"


@dataclass(frozen=True, kw_only=True)
class OfferWish:
    """Whether and when a product is to be seen in a market."""

    market_code: str
    visible: bool = True
    visible_from: datetime | None = None
    visible_until: datetime | None = None


def offers_seen(product_id: int) -> str:
    """What stands now about all markets, as one text to compare with later. One query."""
    rows = ProductMarket.objects.filter(product=product_id).order_by("market")
    return _digest(list(rows.values_list("market_id", "visible", "visible_from", "visible_until")))


def presentation_seen(product_id: int, market_id: int) -> str:
    """The same of a market's own words, pictures and films. Two queries."""
    offer = ProductMarket.objects.filter(product=product_id, market=market_id).first()
    words = [offer.copy_override_html, sorted((offer.i18n or {}).items()), offer.own_media_only] if offer else None
    media = ProductMedia.objects.filter(product=product_id, market=market_id).order_by("position", "pk")
    return _digest([words, list(media.values_list("asset_id", "role"))])


@transaction.atomic
def set_offers(*, product_id: int, wishes: Sequence[OfferWish], seen: str) -> int:
    """Bring these markets to what is wished, all or none; a market's own words stay. Returns how many moved.

    `seen` is what `offers_seen` said when the wishes were made. Raises `ChangedMeanwhile` when it says something else
    now, and `WindowEndsBeforeItBegins`.
    """
    product = Product.objects.lock().get(pk=product_id)
    if offers_seen(product_id) != seen:
        raise ChangedMeanwhile
    markets = {row.code: row for row in Market.objects.filter(code__in=[wish.market_code for wish in wishes])}
    known = {row.market_id: row for row in ProductMarket.objects.filter(product=product)}
    moved: dict[str, Any] = {}
    rows = []
    for wish in wishes:
        if wish.visible_from and wish.visible_until and wish.visible_from >= wish.visible_until:
            raise WindowEndsBeforeItBegins
        market = markets[wish.market_code]
        row = known.get(market.pk) or ProductMarket(product=product, market=market)
        before, after = _window(row), (wish.visible, wish.visible_from, wish.visible_until)
        if before != after:
            row.visible, row.visible_from, row.visible_until = after
            rows.append(row)
            moved[wish.market_code] = {"before": before, "after": after}
    _store(rows, ["visible", "visible_from", "visible_until"])
    if moved:
        _announce(product, "catalog.offer_product", moved)
    return len(moved)


@transaction.atomic
def copy_offer(
    *, product_id: int, source: str, targets: Collection[str], parts: Collection[str] = PARTS, seen: str
) -> int:
    """Other markets get what one has: when it is seen, its own words, its own pictures. Returns how many moved.

    Raises `ChangedMeanwhile` like `set_offers`.
    """
    product = Product.objects.lock().get(pk=product_id)
    if offers_seen(product_id) != seen:
        raise ChangedMeanwhile
    markets = {row.code: row for row in Market.objects.filter(Q(code__in=targets) | Q(code=source))}
    known = {row.market_id: row for row in ProductMarket.objects.filter(product=product)}
    origin = markets.pop(source)
    pattern = known.get(origin.pk) or ProductMarket(product=product, market=origin)
    moved = []
    for market in markets.values():
        row = known.get(market.pk) or ProductMarket(product=product, market=market)
        before = _everything(row)
        _take_over(row, pattern, parts)
        has_media = MEDIA in parts and _copy_media(product, origin.pk, market.pk)
        if before != _everything(row) or has_media:
            moved.append(row)
    _store(moved, ["visible", "visible_from", "visible_until", COPY, "i18n", "own_media_only"])
    note_texts(moved)
    if moved:
        told = {row.market.code: {"like": source, "parts": sorted(parts)} for row in moved}
        _announce(product, "catalog.copy_offer", told)
    return len(moved)


@transaction.atomic
def set_presentation(
    *, product_id: int, market_code: str, words: Words, asset_ids: Sequence[int], own_media_only: bool, seen: str
) -> bool:
    """A market's own words (language to formatted text, cleaned here) and its own pictures and films, in order.

    Without own pictures the market shows the others, whatever `own_media_only` says. True when something changed.
    Raises `ChangedMeanwhile`, and `MediaNotForMarket` for what is unknown or kept for another market.
    """
    product = Product.objects.lock().get(pk=product_id)
    market = Market.objects.get(code=market_code)
    if presentation_seen(product_id, market.pk) != seen:
        raise ChangedMeanwhile
    row = ProductMarket.objects.filter(product=product, market=market).first()
    row = row or ProductMarket(product=product, market=market)
    for language, html in words.items():
        row.put_text(COPY, language, clean_html(html).strip())
    row.own_media_only = own_media_only and bool(asset_ids)
    if not row._state.adding or row.copy_override_html or row.i18n or row.own_media_only:
        _store([row], [COPY, "i18n", "own_media_only"])
        note_texts([row])
    _set_media(product, market, list(dict.fromkeys(asset_ids)))
    if presentation_seen(product_id, market.pk) == seen:
        return False
    told = {market_code: {"languages": sorted(row.languages_of(COPY)), "media": list(asset_ids)}}
    _announce(product, "catalog.set_presentation", told)
    return True


def _set_media(product: Product, market: Market, asset_ids: list[int]) -> None:
    """The market's rows are exactly these; a picture keeps the part it plays elsewhere in the gallery."""
    allowed = MediaAsset.objects.filter(Q(market=None) | Q(market=market), pk__in=asset_ids)
    if allowed.exclude(kind=MediaAsset.Kind.MODEL).count() != len(asset_ids):
        raise MediaNotForMarket
    rows = ProductMedia.objects.filter(product=product)
    roles = dict(rows.filter(market=None).values_list("asset_id", "role"))
    roles |= dict(rows.filter(market=market).values_list("asset_id", "role"))
    rows.filter(market=market).delete()
    ProductMedia.objects.bulk_create(
        ProductMedia(
            product=product, market=market, asset_id=pk, position=at, role=roles.get(pk, ProductMedia.Role.GALLERY)
        )
        for at, pk in enumerate(asset_ids)
    )


def _copy_media(product: Product, source_id: int, target_id: int) -> bool:
    rows = ProductMedia.objects.filter(product=product).order_by("position", "pk")
    wanted = list(rows.filter(market=source_id).values_list("asset_id", "role", "position"))
    mine = rows.filter(market=target_id)
    if list(mine.values_list("asset_id", "role", "position")) == wanted:
        return False
    mine.delete()
    ProductMedia.objects.bulk_create(
        ProductMedia(product=product, market_id=target_id, asset_id=asset, role=role, position=position)
        for asset, role, position in wanted
    )
    return True


def _take_over(row: ProductMarket, pattern: ProductMarket, parts: Collection[str]) -> None:
    if VISIBILITY in parts:
        row.visible, row.visible_from, row.visible_until = _window(pattern)
    if WORDS in parts:
        row.copy_override_html, row.i18n = pattern.copy_override_html, dict(pattern.i18n or {})
    if MEDIA in parts:
        row.own_media_only = pattern.own_media_only


def _window(row: ProductMarket) -> tuple[bool, datetime | None, datetime | None]:
    return row.visible, row.visible_from, row.visible_until


def _everything(row: ProductMarket) -> tuple[Any, ...]:
    return (*_window(row), row.copy_override_html, dict(row.i18n or {}), row.own_media_only)


def _store(rows: Sequence[ProductMarket], names: Sequence[str]) -> None:
    """New rows and changed ones, in a statement each."""
    old = [row for row in rows if not row._state.adding]
    ProductMarket.objects.bulk_create([row for row in rows if row._state.adding])
    if old:
        ProductMarket.objects.bulk_update(old, names)


def _announce(product: Product, action: str, markets: Mapping[str, Any]) -> None:
    audit.record(action, product, data={"markets": dict(markets)})
    mark_dirty(product_ids=[product.pk])
    publish(ProductChanged(product_ids=(product.pk,)))


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, cls=DjangoJSONEncoder).encode()).hexdigest()[:32]
