"""Labels: bought once per parcel, kept as they came, given back, printed together, handed over with a list."""

import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from pypdf import PdfWriter

from core import audit
from core.errors import DomainError
from core.http import refuse_open_transaction
from inventory.carriers.protocols import Labels, Manifests
from inventory.carriers.registry import ability, account_named
from inventory.carriers.types import Label, LabelFormat, Manifest, ManifestLine, Shipment
from inventory.errors import CarrierRefused, CarrierUnreachable, LabelGone, LabelInProgress, LabelStands
from inventory.models import STANDING, LabelRecord, LabelState

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
"""For so long another one who buys the same label is believed to be at it."""
FOLDER = "labels"
ERASED = f"{FOLDER}/erased-"


def buy_label(*, shipment: Shipment, account_code: str, service: str, warehouse_code: str, key: str) -> LabelRecord:
    """The parcel's label, bought once. Call it with no transaction open.

    The same `key` gives the same label, also after a crash between asking and keeping: then the carrier is asked
    again under that key. Raises `LabelStands` when the parcel has another one, `LabelInProgress`, `CarrierRefused`,
    `CarrierUnreachable`, `CarrierCannot` and `CarrierUnknown`.
    """
    refuse_open_transaction()
    account = account_named(account_code)
    seller = ability(account, Labels)
    record = _asked(
        LabelRecord(
            parcel_ref=shipment.ref,
            order_ref=shipment.order_ref,
            warehouse_code=warehouse_code,
            account=account,
            carrier=account.name,
            service=service,
            op_key=key,
            weight_g=shipment.parcel.weight_g,
            country=shipment.receiver.country,
        )
    )
    if record.state == LabelState.REFUSED:
        raise CarrierRefused(record.refusal)
    if record.state != LabelState.ASKED:
        return record
    try:
        label = seller.buy(shipment, service, key)
    except CarrierUnreachable:
        LabelRecord.objects.filter(pk=record.pk).update(asked_at=timezone.now() - LEASE)
        raise
    except DomainError as refusal:
        _refused(record, refusal)
        raise
    return _bought(record, label)


def cancel_label(*, label_id: int, reason: str) -> LabelRecord:
    """Give a label back. Saying it again changes nothing. Call it with no transaction open.

    Raises `LabelGone` for one that was handed over or never bought, and what the carrier answers.
    """
    refuse_open_transaction()
    with transaction.atomic():
        record = LabelRecord.objects.lock().select_related("account").get(pk=label_id)
        if record.state == LabelState.CANCELED:
            return record
        if record.manifest_ref or record.state not in (LabelState.BOUGHT, LabelState.CANCEL_ASKED):
            raise LabelGone
        if record.state == LabelState.BOUGHT:
            record.become(state=LabelState.CANCEL_ASKED)
    try:
        ability(record.account, Labels).cancel(record.carrier_ref, record.tracking_no, f"cancel:{record.op_key}")
    except CarrierUnreachable:
        raise
    except DomainError:
        with transaction.atomic():
            LabelRecord.objects.lock().get(pk=label_id).become(state=LabelState.BOUGHT)
        raise
    with transaction.atomic():
        record = LabelRecord.objects.lock().get(pk=label_id)
        if record.state == LabelState.CANCEL_ASKED:
            record.become(state=LabelState.CANCELED)
            audit.record("inventory.cancel_label", record, data={"tracking": record.tracking_no}, reason=reason)
    return record


def give_up_label(*, label_id: int, reason: str) -> LabelRecord:
    """The carrier says that it never made the label: the parcel may get another one. Again changes nothing.

    Raises `LabelInProgress` while somebody may be at it, `LabelGone` for one that was bought.
    """
    with transaction.atomic():
        record = LabelRecord.objects.lock().get(pk=label_id)
        if record.state == LabelState.REFUSED:
            return record
        if record.state != LabelState.ASKED:
            raise LabelGone
        if _is_busy(record):
            raise LabelInProgress
        record.become(state=LabelState.REFUSED)
        record.refusal = reason[:500]
        record.save(update_fields=["refusal", "updated"])
        audit.record("inventory.give_up_label", record, reason=reason)
    return record


def standing_label(parcel_ref: str) -> LabelRecord | None:
    """The label a parcel has, or may have."""
    return LabelRecord.objects.filter(parcel_ref=parcel_ref, state__in=STANDING).select_related("account").first()


def unsure_labels() -> QuerySet[LabelRecord]:
    """Labels that were asked for, or are to be given back, and nobody is at it any more."""
    before = timezone.now() - LEASE
    asked = Q(state=LabelState.ASKED, asked_at__lte=before)
    return LabelRecord.objects.filter(asked | Q(state=LabelState.CANCEL_ASKED, updated__lte=before))


def read_label(record: LabelRecord) -> bytes:
    """The bytes as they came. Raises `LabelGone` without a file, or where it was erased or altered."""
    if not record.file or _is_erased(record) or record.state not in (LabelState.BOUGHT, LabelState.CANCEL_ASKED):
        raise LabelGone
    with record.file.open("rb") as stored:
        content: bytes = stored.read()
    if hashlib.sha256(content).hexdigest() != record.sha256:
        logger.error("the file of label %s was altered", record.pk)
        raise LabelGone
    return content


def print_labels(*, label_ids: Sequence[int], wanted: LabelFormat) -> bytes:
    """Labels of one format as one file, in this order: PDF pages joined, ZPL one after the other.

    Those of the other format are left out; `LabelGone` when nothing is left. They are marked as printed.
    """
    rows = LabelRecord.objects.in_bulk(list(label_ids))
    chosen = [rows[pk] for pk in dict.fromkeys(label_ids) if pk in rows]
    chosen = [row for row in chosen if row.format == wanted and row.state == LabelState.BOUGHT and not _is_erased(row)]
    if not chosen:
        raise LabelGone
    contents = [read_label(row) for row in chosen]
    LabelRecord.objects.filter(pk__in=[row.pk for row in chosen]).update(printed_at=timezone.now())
    return b"".join(contents) if wanted == "zpl" else _joined(contents)


def blank_label(record: LabelRecord) -> int:
    """The file goes, because it shows who lives where; what the label cost and its number stay. Whether it had one."""
    if not record.file or _is_erased(record):
        return 0
    name, storage = str(record.file.name), record.file.storage
    content = b"%PDF-1.4\n% erased\n"
    stored = storage.save(f"{ERASED}{uuid4().hex}.txt", ContentFile(content))
    LabelRecord.objects.filter(pk=record.pk).update(
        file=stored, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    transaction.on_commit(partial(storage.delete, name))
    return 1


def hand_over(*, account_code: str, warehouse_code: str, label_ids: Sequence[int]) -> tuple[Manifest, int]:
    """Tell a carrier what it took: those of these labels that it was not told of yet, on one list.

    Returns the list and how many labels are on it. A carrier that takes no lists gets a number of ours, for the paper
    that its driver signs. Raises `LabelGone` when there is nothing to hand over.
    """
    refuse_open_transaction()
    account = account_named(account_code)
    waiting = LabelRecord.objects.filter(
        account=account, warehouse_code=warehouse_code, pk__in=label_ids, state=LabelState.BOUGHT, manifest_ref=""
    )
    rows = list(waiting.order_by("pk"))
    if not rows:
        raise LabelGone
    key = f"{timezone.now():%Y%m%d}-{rows[-1].pk}"
    try:
        manifest = ability(account, Manifests).manifest([_line(row) for row in rows], key)
    except CarrierUnreachable:
        raise
    except DomainError:
        manifest = Manifest(number=f"{account.code.upper()[:20]}-{key}")
    with transaction.atomic():
        count = waiting.filter(pk__in=[row.pk for row in rows]).update(manifest_ref=manifest.number[:80])
        audit.record("inventory.hand_over", account, data={"number": manifest.number, "labels": count})
    return manifest, count


def _is_erased(record: LabelRecord) -> bool:
    return str(record.file.name).startswith(ERASED)


def _asked(wanted: LabelRecord) -> LabelRecord:
    """The row under the key, made before the carrier is asked. Raises `LabelStands`, `LabelInProgress`."""
    with transaction.atomic():
        found = LabelRecord.objects.lock().filter(op_key=wanted.op_key).first()
        if found is not None:
            return _again(found)
        standing = LabelRecord.objects.lock().filter(parcel_ref=wanted.parcel_ref, state__in=STANDING).first()
        if standing is not None:
            raise LabelInProgress if _is_busy(standing) else LabelStands
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        raise LabelInProgress from None
    return wanted


def _again(found: LabelRecord) -> LabelRecord:
    """A label that was asked for before under this key: done, or taken up again by whoever comes after the lease."""
    if _is_busy(found):
        raise LabelInProgress
    if found.state == LabelState.ASKED:
        found.asked_at = timezone.now()
        found.save(update_fields=["asked_at", "updated"])
    return found


def _is_busy(found: LabelRecord) -> bool:
    return found.state == LabelState.ASKED and found.asked_at > timezone.now() - LEASE


def _bought(record: LabelRecord, label: Label) -> LabelRecord:
    """The label, kept with its file. Of two who come at once with the same key, the first one's file is kept."""
    name = f"{FOLDER}/{timezone.now():%Y/%m}/{uuid4().hex}.{label.format}"
    storage = record.file.storage
    stored = storage.save(name, ContentFile(label.content))
    with transaction.atomic():
        held = LabelRecord.objects.lock().get(pk=record.pk)
        is_first = held.state == LabelState.ASKED
        if is_first:
            held.file.name, held.size = stored, len(label.content)
            held.sha256 = hashlib.sha256(label.content).hexdigest()
            held.format, held.tracking_no, held.carrier = label.format, label.tracking_no[:80], label.carrier[:80]
            held.service, held.carrier_ref, held.cost = label.service[:80], label.ref[:200], label.cost
            held.tracking_url = label.tracking_url if label.tracking_url.startswith("https://") else ""
            held.bought_at, held.refusal = timezone.now(), ""
            held.save()
            held.become(state=LabelState.BOUGHT)  # a bought label has its file: the database insists
            audit.record("inventory.buy_label", held, data={"order": held.order_ref, "tracking": held.tracking_no})
    if not is_first:
        storage.delete(stored)
    return held


def _refused(record: LabelRecord, refusal: DomainError) -> None:
    with transaction.atomic():
        held = LabelRecord.objects.lock().get(pk=record.pk)
        if held.state == LabelState.ASKED:
            held.become(state=LabelState.REFUSED)
            held.refusal = str(getattr(refusal, "reason", "") or refusal)[:500]
            held.save(update_fields=["refusal", "updated"])


def _joined(contents: Sequence[bytes]) -> bytes:
    writer = PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content), import_outline=False)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _line(row: LabelRecord) -> ManifestLine:
    return ManifestLine(
        tracking_no=row.tracking_no,
        service=row.service,
        weight_g=row.weight_g,
        country=row.country,
        ref=row.carrier_ref,
    )
