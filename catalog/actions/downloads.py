"""Files, terms and licence keys of virtual products."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.download_files import BEGINNING, kind_of, refusal_of
from catalog.errors import FileProblem, KeysGone
from catalog.models import DownloadTerms, LicenceKey, Variant, VariantFile
from core import audit

FOLDER = "downloads"
LONGEST_KEY = 300


@dataclass(frozen=True, kw_only=True)
class KeysAdded:
    """What became of a list of keys."""

    added: int
    known: int


def add_file(*, variant_id: int, name: str, content: File[Any]) -> VariantFile:
    """Offer a file to the buyers of a variant; it is kept where only the shop itself can read it.

    Raises `FileProblem` for a kind, size or content that is not offered, for a name taken, and for goods that are sent.
    """
    variant = Variant.objects.select_related("product__product_type").get(pk=variant_id)
    if variant.product.product_type.requires_shipping:
        raise FileProblem(_("Files belong to virtual products. This product is sent."))
    clean = PurePosixPath(name.replace("\\", "/")).name.strip()[:200]
    digest, beginning = hashlib.sha256(), b""
    for piece in content.chunks():
        beginning = beginning or piece[:BEGINNING]
        digest.update(piece)
    problem = refusal_of(clean, beginning, content.size)
    if problem:
        raise FileProblem(problem)
    if VariantFile.objects.filter(variant=variant, name=clean, withdrawn=False).exists():
        raise FileProblem(_("There is a file of this name already. Take it away first, or give this one another name."))
    stored = f"{FOLDER}/{variant.pk}/{uuid4().hex}{PurePosixPath(clean).suffix.lower()}"
    stored = storages["private"].save(stored, content)
    with transaction.atomic():
        last = VariantFile.objects.filter(variant=variant).aggregate(last=Max("position"))["last"]
        row = VariantFile.objects.create(
            variant=variant,
            name=clean,
            file_name=stored,
            content_type=kind_of(clean),
            size=content.size,
            sha256=digest.hexdigest(),
            position=0 if last is None else last + 1,
        )
        audit.record("catalog.add_file", variant.product, data={"sku": variant.sku, "file": clean})
    return row


def withdraw_file(*, file_id: int) -> bool:
    """Hand a file over no more, to nobody. False when it is taken away already."""
    with transaction.atomic():
        row = VariantFile.objects.select_for_update(of=("self",)).select_related("variant__product").get(pk=file_id)
        if row.withdrawn:
            return False
        row.withdrawn = True
        row.save(update_fields=["withdrawn", "updated"])
        audit.record("catalog.withdraw_file", row.variant.product, data={"sku": row.variant.sku, "file": row.name})
    return True


@transaction.atomic
def set_download_terms(
    *, variant_id: int, most_downloads: int | None, days: int | None, gives_keys: bool
) -> DownloadTerms:
    """How often and how long buyers may download; None is without a limit. Orders that are paid keep what they have."""
    terms, _made = DownloadTerms.objects.update_or_create(
        variant_id=variant_id, defaults={"most_downloads": most_downloads, "days": days, "gives_keys": gives_keys}
    )
    product = Variant.objects.select_related("product").get(pk=variant_id).product
    facts = {"most_downloads": most_downloads, "days": days, "gives_keys": gives_keys}
    audit.record("catalog.set_download_terms", product, data=facts)
    return terms


@transaction.atomic
def add_keys(*, variant_id: int, values: Iterable[str]) -> KeysAdded:
    """Put licence keys into the pool of a variant; a key that is there already is left alone."""
    wanted = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    if any(len(value) > LONGEST_KEY for value in wanted):
        raise FileProblem(_("A licence key has at most %(most)d characters.") % {"most": LONGEST_KEY})
    before = LicenceKey.objects.filter(variant=variant_id).count()
    LicenceKey.objects.bulk_create(
        (LicenceKey(variant_id=variant_id, value=value) for value in wanted), ignore_conflicts=True, batch_size=2000
    )
    added = LicenceKey.objects.filter(variant=variant_id).count() - before
    product = Variant.objects.select_related("product").get(pk=variant_id).product
    audit.record("catalog.add_keys", product, data={"added": added})
    return KeysAdded(added=added, known=len(wanted) - added)


def hand_out_keys(*, variant_id: int, ref: str, count: int) -> list[str]:
    """So many keys for a line of an order, each given once; asked again, the same ones. Raises `KeysGone`, taking none.

    Part of the caller's transaction, which has locked the line's order. Keys that another order is being given are
    passed over instead of waited for.
    """
    has = list(LicenceKey.objects.filter(variant=variant_id, given_to=ref).values_list("value", flat=True))
    missing = count - len(has)
    if missing <= 0:
        return has
    free = LicenceKey.objects.lock(skip_locked=True).filter(variant=variant_id, given_to="")[:missing]
    keys = list(free)
    if len(keys) < missing:
        raise KeysGone
    now = timezone.now()
    LicenceKey.objects.filter(pk__in=[key.pk for key in keys]).update(given_to=ref, given_at=now)
    return [*has, *(key.value for key in keys)]
