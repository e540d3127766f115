"""Product feeds: opened, given a new key, closed, and written anew by the clock."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from catalog.models import ProductFeed
from core import audit
from core.errors import DomainError
from markets.models import Market

logger = logging.getLogger(__name__)
Writing = Callable[[Path, ProductFeed], tuple[int, dict[str, int]]]
"""Writes a feed to a path; returns its items and what was left out, by reason."""


@transaction.atomic
def open_feed(*, market_code: str, language: str) -> ProductFeed:
    """A feed of a market in one language; one that was closed is opened again, under the key it had."""
    market = Market.objects.get(code=market_code)
    feed, is_new = ProductFeed.objects.get_or_create(market=market, language=language)
    if is_new or not feed.active:
        feed.active = True
        feed.save(update_fields=["active", "updated"])
        audit.record("catalog.open_feed", feed, data={"market": market_code, "language": language})
    return feed


@transaction.atomic
def close_feed(*, feed_id: int) -> None:
    """Nobody can fetch it any more, and it is not written."""
    feed = ProductFeed.objects.lock().get(pk=feed_id)
    if feed.active:
        feed.active = False
        feed.save(update_fields=["active", "updated"])
        audit.record("catalog.close_feed", feed)


@transaction.atomic
def change_feed_key(*, feed_id: int) -> ProductFeed:
    """Every address of the feed that was given out so far stops working."""
    feed = ProductFeed.objects.lock().get(pk=feed_id)
    feed.key_number += 1
    feed.save(update_fields=["key_number", "updated"])
    audit.record("catalog.change_feed_key", feed, data={"number": feed.key_number})
    return feed


def renew_feed(*, feed_id: int, folder: Path, write: Writing) -> bool:
    """Write a feed anew and put it in the place of the one before. True when it was written.

    The file before stays in place until the new one is complete; a refusal is noted on the feed.
    """
    feed = ProductFeed.objects.select_related("market").get(pk=feed_id)
    path = folder / f"feed-{feed.pk}.xml"
    try:
        items, left_out = write(path, feed)
    except DomainError as refusal:
        ProductFeed.objects.filter(pk=feed_id).update(failure=str(refusal)[:2000], updated=timezone.now())
        return False
    checksum = _checksum(path)
    kept = storages["private"]
    before = name = feed.file_name
    if feed.checksum != checksum or not (before and kept.exists(before)):
        with path.open("rb") as content:
            name = kept.save(f"feeds/{feed.pk}-{checksum[:16]}.xml", File(content))
    ProductFeed.objects.filter(pk=feed_id).update(
        file_name=name,
        checksum=checksum,
        items=items,
        left_out=left_out,
        written_at=timezone.now(),
        failure="",
        updated=timezone.now(),
    )
    if before and before != name:
        kept.delete(before)
    return True


def note_fetched(*, feed_id: int) -> None:
    """Somebody fetched the feed just now."""
    ProductFeed.objects.filter(pk=feed_id).update(fetched_at=timezone.now())


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
