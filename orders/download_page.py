"""The downloads of an order as its page shows them: links that are signed, end, and are bound to this very order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe

from django.core.signing import BadSignature
from django.db.models import Count, Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from catalog.models import LicenceKey, VariantFile
from core.signing import make_token, read_token
from orders.downloading import is_over, needs_consent
from orders.models import DownloadRecord, Entitlement, EntitlementState, Order
from orders.types import DownloadFile, DownloadView

PURPOSE = "download"
LINK_SECONDS = 2 * 3600
"""How long a link can be used, resuming included."""


def downloads_of(order: Order, *, order_url: str) -> tuple[DownloadView, ...]:
    """What the order hands over by download. Three queries, one when there is nothing."""
    rows = list(order.entitlements.select_related("order").order_by("pk"))
    if not rows:
        return ()
    files: defaultdict[int, list[VariantFile]] = defaultdict(list)
    for file in VariantFile.objects.filter(variant__in=[row.variant_id for row in rows], withdrawn=False):
        files[file.variant_id].append(file)
    counted = _counted(rows)
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for ref, value in LicenceKey.objects.filter(given_to__in=[row.ref for row in rows]).values_list(
        "given_to", "value"
    ):
        keys[ref].append(value)
    waits = needs_consent(order)
    return tuple(
        _view(row, files[row.variant_id], keys[row.ref], counted, order_url=order_url, waits=waits) for row in rows
    )


def _counted(rows: Sequence[Entitlement]) -> dict[tuple[int, int], int]:
    """How often each file was downloaded since the last renewal."""
    found = (
        DownloadRecord.objects.filter(entitlement__in=rows)
        .values("entitlement_id", "file_id")
        .annotate(count=Count("pk", filter=Q(before_renewal=False)))
    )
    return {(row["entitlement_id"], row["file_id"]): row["count"] for row in found}


def _view(
    row: Entitlement,
    files: Sequence[VariantFile],
    keys: Sequence[str],
    counted: Mapping[tuple[int, int], int],
    *,
    order_url: str,
    waits: bool,
) -> DownloadView:
    message = _message(row)
    is_open = not message and not waits
    shows = is_open and (row.first_download_at is not None or not row.order.withdrawal_days)
    return DownloadView(
        name=row.name,
        files=tuple(_file(row, one, counted.get((row.pk, one.pk), 0), order_url, is_open) for one in files),
        keys=tuple(keys) if shows else (),
        keys_url=f"{order_url}keys/{row.pk}/" if keys and is_open and not shows else "",
        until=row.expires_at,
        message=message,
    )


def _message(row: Entitlement) -> str:
    if row.state != EntitlementState.ACTIVE:
        return _("This download has ended, because its price was returned or the order was changed.")
    if is_over(row):
        return _("The time to download this has run out. Write to us if you still need it.")
    return ""


def _file(row: Entitlement, file: VariantFile, count: int, order_url: str, is_open: bool) -> DownloadFile:
    left = None if row.most_downloads is None else max(row.most_downloads - count, 0)
    may = is_open and left != 0
    return DownloadFile(
        name=file.name,
        size=filesizeformat(file.size),
        url=f"{order_url}download/{link_to(row, file)}/" if may else "",
        left=left,
    )


def link_to(row: Entitlement, file: VariantFile) -> str:
    """The signed part of an address; every showing of the page makes another one, which counts once."""
    return make_token(PURPOSE, [row.order.number, row.pk, file.pk, token_urlsafe(12)])


def read_link(text: str, *, number: str) -> tuple[int, int, str] | None:
    """(download, file, nonce) of a link of this order; nothing for a forged, foreign or old one."""
    try:
        of, entitlement_id, file_id, nonce = read_token(PURPOSE, text, max_age=LINK_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return (int(entitlement_id), int(file_id), str(nonce)) if of == number else None
