"""Feeds as files with signed addresses."""

from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.signing import BadSignature
from django.urls import reverse

from catalog.actions.feeds import renew_feed
from catalog.exporters.google.writing import write_google_feed
from catalog.exporters.running import working_folder
from catalog.models import ProductFeed
from core.signing import make_lasting_token, read_lasting_token

PURPOSE = "feed"


def address_of_feed(feed: ProductFeed) -> str:
    """Where others fetch the feed; it changes with the feed's key only."""
    token = make_lasting_token(PURPOSE, [feed.pk, feed.key_number])
    return f"{settings.SHOP_URL}{reverse('product_feed', args=[token])}"


def feed_of(token: str) -> ProductFeed | None:
    """The open feed a token gives access to; None for a forged, foreign or outdated one."""
    try:
        pk, key_number = cast(list[int], read_lasting_token(PURPOSE, token))
    except (BadSignature, ValueError, TypeError):
        return None
    return ProductFeed.objects.filter(pk=pk, key_number=key_number, active=True).exclude(file_name="").first()


def write_feed(feed_id: int) -> bool:
    """Write one feed now."""
    with working_folder() as folder:
        return renew_feed(feed_id=feed_id, folder=folder, write=_write)


def write_feeds() -> int:
    """Write every open feed; returns how many were written."""
    ids = ProductFeed.objects.filter(active=True, market__active=True).order_by("written_at", "pk")
    return sum(write_feed(pk) for pk in ids.values_list("pk", flat=True))


def _write(path: Path, feed: ProductFeed) -> tuple[int, dict[str, int]]:
    written = write_google_feed(path, market_code=feed.market.code, language=feed.language)
    return written.count, dict(written.left_out)
