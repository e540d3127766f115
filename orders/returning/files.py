"""Files of customers and operators: looked at before they are kept, in private storage, handed out on request only."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image

from catalog.errors import MediaProblem
from catalog.safe_pictures import safe_picture
from orders.models import Order, OrderAttachment, ReturnRequest, ReturnUnit, TicketMessage
from orders.returning.errors import FileRefused

MOST_FILES = 5
MOST_BYTES = 8 * 1024 * 1024
PICTURES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "WEBP": ("webp", "image/webp")}
PDF = b"%PDF-"
FOLDER = "aftersales"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that was looked at and put away; no row knows it yet."""

    stored: str
    called: str
    content_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file as it came."""

    called: str
    content: bytes


def looked_at(sent: Sent, *, position: int, takes_documents: bool) -> tuple[str, str, bytes]:
    """(name, content type, bytes) of a file that can be kept: a picture written anew by us, or a PDF where allowed.

    Names of customers' pictures are not kept. Raises `FileRefused`, also for pictures that are more than a picture.
    """
    if len(sent.content) > MOST_BYTES:
        raise FileRefused
    if takes_documents and sent.content.startswith(PDF):
        return f"document-{position}.pdf", "application/pdf", sent.content
    try:
        clean = safe_picture(sent.content)
    except MediaProblem:
        raise FileRefused from None
    form = str(Image.open(BytesIO(clean)).format)
    if form not in PICTURES:
        raise FileRefused
    ending, content_type = PICTURES[form]
    return f"photo-{position}.{ending}", content_type, clean


@contextmanager
def put_away(files: Sequence[Sent], *, takes_documents: bool = False) -> Iterator[tuple[Kept, ...]]:
    """Keep the files while the body writes rows for them; when it fails, or leaves them alone, they are gone again.

    Files are written outside the transaction, which may wait for nobody. Raises `FileRefused`.
    """
    if len(files) > MOST_FILES:
        raise FileRefused
    clean = [
        looked_at(one, position=number, takes_documents=takes_documents) for number, one in enumerate(files, start=1)
    ]
    kept: list[Kept] = []
    try:
        for called, content_type, content in clean:
            name = f"{FOLDER}/{secrets.token_urlsafe(24)}.{called.rpartition('.')[2]}"
            stored = storages["private"].save(name, ContentFile(content))
            kept.append(Kept(stored=stored, called=called, content_type=content_type, size=len(content)))
        yield tuple(kept)
    finally:
        known = (
            set(
                OrderAttachment.objects.filter(stored__in=[one.stored for one in kept]).values_list("stored", flat=True)
            )
            if kept
            else set()
        )
        for one in kept:
            if one.stored not in known:
                storages["private"].delete(one.stored)


def attach(
    order: Order,
    files: Sequence[Kept],
    *,
    to: ReturnRequest | ReturnUnit | TicketMessage,
    is_label: bool = False,
) -> None:
    """Rows for the files; the caller holds the order's lock."""
    OrderAttachment.objects.bulk_create(
        OrderAttachment(
            order=order,
            return_request=to if isinstance(to, ReturnRequest) else None,
            unit=to if isinstance(to, ReturnUnit) else None,
            message=to if isinstance(to, TicketMessage) else None,
            is_label=is_label,
            stored=one.stored,
            called=one.called,
            content_type=one.content_type,
            size=one.size,
        )
        for one in files
    )


def as_label(files: Sequence[Kept]) -> tuple[Kept, ...]:
    """The same under the name of a label."""
    return tuple(replace(one, called=f"label.{one.called.rpartition('.')[2]}") for one in files)


def forget_files(order_ids: Sequence[int]) -> int:
    """Delete every file of these orders, rows first; returns how many."""
    rows = OrderAttachment.objects.filter(order__in=order_ids)
    names = list(rows.values_list("stored", flat=True))
    rows.delete()
    for name in names:
        storages["private"].delete(name)
    return len(names)
