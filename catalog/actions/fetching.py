"""Fetch pictures that a file names by address. Rows never wait for the network; workers try, and try again."""

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.actions.media import add_media, set_variant_pictures
from catalog.actions.wishes import arrange_gallery
from catalog.errors import MediaProblem
from catalog.models import MediaAsset, PictureWish
from core import audit
from core.errors import DomainError
from core.http import AddressRefused, OutsideTrouble, fetch_following

logger = logging.getLogger(__name__)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))
LEASE = timedelta(minutes=15)
"""How long a worker has for what it took; when it dies, another one tries again afterwards."""
AT_ONCE = 20
OK = 200
LONGEST_SOURCE = 500


def fetch_due_pictures(*, limit: int = AT_ONCE, seconds: float = 0) -> int:
    """Try up to `limit` addresses that are due, and go on for so many seconds; returns how many pictures came in.

    An address whose host just failed waits for its turn without being asked: one dead host holds up nobody else.
    """
    until = time.monotonic() + seconds
    fetched, dead = 0, set[str]()
    while wishes := _taken(limit):
        for wish in wishes:
            host = urlsplit(wish.url).hostname or ""
            if host in dead:
                _put_back(wish)
                continue
            came, is_reachable = _fetch(wish)
            fetched += came
            if not is_reachable:
                dead.add(host)
        if time.monotonic() >= until:
            break
    return fetched


def retry_pictures(*, wish_ids: Collection[int]) -> int:
    """Try again what was given up; returns how many."""
    rows = PictureWish.objects.filter(pk__in=wish_ids, state=PictureWish.State.FAILED)
    with transaction.atomic():
        count = rows.update(state=PictureWish.State.WAITING, attempts=0, next_attempt_at=Now())
        audit.record("catalog.retry_pictures", "catalog.PictureWish", data={"count": count})
    return count


def _taken(limit: int) -> list[PictureWish]:
    """Due wishes that no other worker has taken."""
    with transaction.atomic():
        due = PictureWish.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state=PictureWish.State.WAITING, next_attempt_at__lte=Now()
        )
        wishes = list(due.order_by("next_attempt_at", "pk")[:limit])
        PictureWish.objects.filter(pk__in=[wish.pk for wish in wishes]).update(next_attempt_at=timezone.now() + LEASE)
    return wishes


def _put_back(wish: PictureWish) -> None:
    PictureWish.objects.filter(pk=wish.pk).update(next_attempt_at=timezone.now() + RETRY_AFTER[0])


def _fetch(wish: PictureWish) -> tuple[bool, bool]:
    """Whether the picture came in, and whether its host can be reached."""
    known = PictureWish.objects.filter(url=wish.url, asset__isnull=False).first()
    try:
        asset = known.asset if known and known.asset else _load(wish)
    except (AddressRefused, MediaProblem) as refusal:
        _failed(wish, refusal, for_good=True)
    except OutsideTrouble as trouble:
        _failed(wish, trouble, for_good=wish.attempts >= len(RETRY_AFTER))
        return False, isinstance(trouble, StatusTrouble)
    else:
        _hang(wish, asset)
        return True, True
    return False, True


class StatusTrouble(OutsideTrouble):
    """The host answers, but not with the picture."""

    code = "OUTSIDE_STATUS"


def _load(wish: PictureWish) -> MediaAsset:
    answer = fetch_following(wish.url)
    if answer.status != OK:
        raise StatusTrouble(_("The address answers with status %(status)d.") % {"status": answer.status})
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
        ids = list(mine.values_list("asset_id", flat=True))
        set_variant_pictures(variant_id=wish.variant_id, asset_ids=list(dict.fromkeys(ids)))
        return
    arrange_gallery(wish.product_id)
