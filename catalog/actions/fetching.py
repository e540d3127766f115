"""Fetch pictures that a file names by address. Rows never wait for the network; workers try, and try again."""

import logging
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from catalog.actions.media import add_media, set_variant_pictures
from catalog.actions.wishes import arrange_gallery
from catalog.errors import MediaProblem
from catalog.models import MediaAsset, PictureWish
from core.errors import DomainError
from core.http import AddressRefused, OutsideTrouble, fetch

logger = logging.getLogger(__name__)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))
OK = 200
LONGEST_SOURCE = 500


def fetch_due_pictures(limit: int = 20) -> int:
    """Try up to `limit` addresses that are due; returns how many pictures came in."""
    due = list(
        PictureWish.objects.filter(state=PictureWish.State.WAITING, next_attempt_at__lte=Now()).order_by(
            "next_attempt_at", "pk"
        )[:limit]
    )
    return sum(_fetch(wish) for wish in due)


def _fetch(wish: PictureWish) -> bool:
    known = PictureWish.objects.filter(url=wish.url, asset__isnull=False).first()
    try:
        asset = known.asset if known and known.asset else _load(wish)
    except (AddressRefused, MediaProblem) as refusal:
        _failed(wish, refusal, for_good=True)
    except OutsideTrouble as trouble:
        _failed(wish, trouble, for_good=wish.attempts >= len(RETRY_AFTER))
    else:
        _hang(wish, asset)
        return True
    return False


def _load(wish: PictureWish) -> MediaAsset:
    answer = fetch(wish.url)
    if answer.status != OK:
        raise OutsideTrouble(f"The address answers with status {answer.status}.")
    code = f"web-{sha256(wish.url.encode()).hexdigest()[:20]}"
    words = {**({wish.language: wish.alt} if wish.alt else {}), **wish.alts}
    source = wish.url if len(wish.url) <= LONGEST_SOURCE else ""
    return add_media(code=code, content=answer.body, alt=words, source_url=source)


def _failed(wish: PictureWish, trouble: DomainError, *, for_good: bool) -> None:
    logger.warning("picture %s could not be fetched: %s", wish.pk, trouble)
    wait = timedelta(0) if for_good else RETRY_AFTER[wish.attempts]
    PictureWish.objects.filter(pk=wish.pk).update(
        state=PictureWish.State.FAILED if for_good else PictureWish.State.WAITING,
        attempts=wish.attempts + 1,
        next_attempt_at=timezone.now() + wait,
        last_error=str(trouble)[:300],
    )


@transaction.atomic
def _hang(wish: PictureWish, asset: MediaAsset) -> None:
    PictureWish.objects.filter(pk=wish.pk).update(state=PictureWish.State.DONE, asset=asset, last_error="")
    if wish.variant_id is not None:
        mine = PictureWish.objects.filter(variant=wish.variant_id, asset__isnull=False).order_by("position", "pk")
        ids = [asset_id for asset_id in mine.values_list("asset_id", flat=True)]
        set_variant_pictures(variant_id=wish.variant_id, asset_ids=list(dict.fromkeys(ids)))
        return
    arrange_gallery(wish.product_id)
