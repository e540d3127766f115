"""Fetch pictures that a file names by address. Rows never wait for the network; workers try, and try again."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from catalog.actions.media import add_media, set_gallery, set_variant_pictures
from catalog.drafts import GalleryPicture
from catalog.errors import MediaProblem
from catalog.models import MediaAsset, PictureWish, ProductMedia
from core.errors import DomainError
from core.http import AddressRefused, OutsideTrouble, fetch

logger = logging.getLogger(__name__)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))
OK = 200


def want_pictures(
    *,
    product_id: int,
    pictures: Sequence[tuple[str, str]],
    variant_pictures: Mapping[int, str],
    language: str,
) -> bool:
    """Remember addresses (with their words) to fetch for a product. True when one is new; asking again is nothing."""
    wishes = [
        PictureWish(product_id=product_id, url=url, alt=alt, language=language, position=position)
        for position, (url, alt) in enumerate(pictures)
    ]
    wishes += [
        PictureWish(product_id=product_id, variant_id=variant_id, url=url, language=language)
        for variant_id, url in variant_pictures.items()
    ]
    before = PictureWish.objects.filter(product_id=product_id).count()
    PictureWish.objects.bulk_create(wishes, ignore_conflicts=True)
    return PictureWish.objects.filter(product_id=product_id).count() > before


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
    return add_media(code=code, content=answer.body, alt={wish.language: wish.alt}, source_url=wish.url[:200])


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
        set_variant_pictures(variant_id=wish.variant_id, asset_ids=[asset.pk])
        return
    wished = PictureWish.objects.filter(product_id=wish.product_id, variant=None, asset__isnull=False)
    fetched = list(wished.order_by("position", "pk").values_list("asset_id", flat=True))
    kept = [
        GalleryPicture(asset_id=row.asset_id, role=row.role, market_code=row.market.code if row.market else None)
        for row in ProductMedia.objects.filter(product_id=wish.product_id).select_related("market").order_by("position")
        if row.asset_id not in fetched
    ]
    set_gallery(product_id=wish.product_id, pictures=[*kept, *(GalleryPicture(asset_id=pk) for pk in fetched)])
