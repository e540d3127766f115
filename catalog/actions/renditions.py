"""Workers give stored pictures their copies, so that storing never waits for them."""

import logging
import time
from collections.abc import Collection, Sequence

from django.core.files.storage import default_storage
from django.db.models import Q
from PIL import Image

from catalog import cache
from catalog.actions.media import keep_file
from catalog.models import MediaAsset
from catalog.renditions import FORMATS, Format, copies_of, widths_for, written
from catalog.safe_pictures import UNREADABLE

logger = logging.getLogger(__name__)
AT_ONCE = 50


def make_renditions(*, formats: Sequence[str], seconds: float = 0) -> int:
    """Give pictures that have none their copies, and go on for so many seconds; returns how many pictures got them.

    Files are named by content, so doing it twice changes nothing. A picture that cannot be read is left as it is.
    """
    wanted = tuple(form for form in FORMATS if form in formats)
    until, done, last = time.monotonic() + seconds, 0, 0
    while True:
        waiting = MediaAsset.objects.filter(kind=MediaAsset.Kind.IMAGE, renditions__isnull=True, pk__gt=last)
        assets = list(waiting.order_by("pk")[:AT_ONCE])
        for asset in assets:
            done += _make(asset, wanted)
            last = asset.pk
            if seconds and time.monotonic() >= until:
                break
        if len(assets) < AT_ONCE or time.monotonic() >= until:
            break
    if done:
        cache.forget()
    return done


def ask_for_renditions(*, formats: Collection[str]) -> int:
    """Flag every picture that lacks one of the formats, after the setting has changed; returns how many."""
    lacking = Q(pk__in=[])
    for form in formats:
        lacking |= ~Q(renditions__has_key=form)
    rows = MediaAsset.objects.filter(lacking, kind=MediaAsset.Kind.IMAGE, renditions__isnull=False)
    return rows.update(renditions=None)


def _make(asset: MediaAsset, formats: tuple[Format, ...]) -> bool:
    made = _copy(asset, formats)
    rows = MediaAsset.objects.filter(
        pk=asset.pk, checksum=asset.checksum
    )  # another file came meanwhile: not its copies
    return bool(rows.update(renditions=made)) and bool(made)


def _copy(asset: MediaAsset, formats: tuple[Format, ...]) -> dict[str, list[int]]:
    name = str(asset.file.name)
    try:
        with asset.file.open("rb") as file, Image.open(file) as picture:
            picture.load()
            for copy in copies_of(name, picture.size, formats):
                if not default_storage.exists(copy.name):
                    keep_file(copy.name, written(picture, copy))
            return {form: list(widths_for(picture.width)) for form in formats}
    except UNREADABLE:
        logger.exception("picture %s cannot be copied", asset.code)
        return {}
