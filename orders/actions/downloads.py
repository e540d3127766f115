"""Downloads: opened when an order is paid, counted when they are fetched, ended when the money goes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.actions.downloads import hand_out_keys
from catalog.errors import KeysGone
from catalog.models import DownloadTerms, ProductType, Variant, VariantFile
from core import audit
from core.events import publish
from orders.actions.consenting import give_consent
from orders.actions.holds import is_suspected, open_hold_on
from orders.actions.shipping import complete_if_delivered
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.downloading import consent_text, is_over, needs_consent
from orders.errors import DownloadRefused, ReasonMissing
from orders.events import DownloadsOpened
from orders.models import (
    DownloadRecord,
    Entitlement,
    EntitlementState,
    HoldKind,
    Lifecycle,
    Order,
    OrderLine,
    OrderRefund,
)

NO_KEYS = gettext_noop("There are fewer licence keys than were sold. Add keys, then hand them out in the order.")


@dataclass(frozen=True, kw_only=True)
class _Sold:
    """Something of an order that is handed over by download."""

    line: OrderLine
    ref: str
    variant_id: int
    name: str
    quantity: int


def open_downloads(*, number: str) -> int:
    """Give a paid order what it hands over by download; returns how many are new. Again: nothing more.

    None while the order is suspected: that waits until somebody has looked.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.paid_at is None or order.lifecycle not in (Lifecycle.CONFIRMED, Lifecycle.COMPLETED):
            return 0
        sold = _sold(order)
        if sold and is_suspected(order):
            return 0
        terms = {
            row.variant_id: row for row in DownloadTerms.objects.filter(variant__in=[one.variant_id for one in sold])
        }
        made = sum(_open(order, one, terms.get(one.variant_id)) for one in sold)
        if made:
            count_as_delivered(order, {one.line.pk: one.line for one in sold if one.ref == one.line.ref}.values())
            write_event(order, "downloads.opened", to_customer=True, count=made)
            publish(DownloadsOpened(number=number))
    return made


def _sold(order: Order) -> list[_Sold]:
    lines = list(order.lines.prefetch_related("parts"))
    found = [
        _Sold(line=line, ref=line.ref, variant_id=line.variant_id, name=line.name, quantity=line.quantity)
        for line in lines
        if not line.requires_shipping and line.variant_id is not None and line.quantity > line.qty_canceled
    ] + [
        _Sold(line=line, ref=part.ref, variant_id=part.variant_id, name=part.name, quantity=part.quantity)
        for line in lines
        if line.quantity > line.qty_canceled
        for part in line.parts.all()
        if not part.requires_shipping and part.variant_id is not None
    ]
    virtual = set(
        Variant.objects.filter(
            pk__in=[one.variant_id for one in found], product__product_type__kind=ProductType.Kind.VIRTUAL
        ).values_list("pk", flat=True)
    )
    return [one for one in found if one.variant_id in virtual]


def _open(order: Order, sold: _Sold, terms: DownloadTerms | None) -> bool:
    days = terms.days if terms is not None else None
    row, made = Entitlement.objects.get_or_create(
        ref=sold.ref,
        defaults={
            "order": order,
            "order_line": sold.line,
            "variant_id": sold.variant_id,
            "name": sold.name,
            "quantity": sold.quantity,
            "most_downloads": terms.most_downloads if terms is not None else None,
            "expires_at": timezone.now() + timedelta(days=days) if days else None,
        },
    )
    if made and terms is not None and terms.gives_keys:
        _give_keys(order, row)
    return made


def _give_keys(order: Order, row: Entitlement) -> None:
    try:
        hand_out_keys(variant_id=row.variant_id, ref=row.ref, count=row.quantity)
    except KeysGone:
        open_hold_on(order, kind=HoldKind.STOCK, key=f"keys:{row.ref}", reason=NO_KEYS, facts={"line": row.ref})


def count_as_delivered(order: Order, lines: Iterable[OrderLine]) -> None:
    """What is open for download, or was mailed, is with the customer: nothing of it has to be sent."""
    rows = list(lines)
    OrderLine.objects.filter(pk__in=[line.pk for line in rows]).update(
        qty_shipped=F("quantity") - F("qty_canceled"), qty_delivered=F("quantity") - F("qty_canceled")
    )
    refresh_states(order)
    complete_if_delivered(order, timezone.now())


def hand_out_missing_keys(*, entitlement_id: int) -> int:
    """Give a line the keys it lacks, once there are some again; returns how many it has. Raises `KeysGone`."""
    with transaction.atomic():
        row = _lock(entitlement_id)
        keys = hand_out_keys(variant_id=row.variant_id, ref=row.ref, count=row.quantity)
        audit.record("orders.hand_out_keys", row.order, data={"line": row.ref, "keys": len(keys)})
    return len(keys)


def count_download(*, number: str, entitlement_id: int, file_id: int, nonce: str) -> VariantFile:
    """The file a link leads to, counted once per link, so that resuming is free.

    Raises `DownloadRefused` with a sentence: ended, run out, fetched too often, taken away, or consent is missing.
    """
    with transaction.atomic():
        order = lock_order(number)
        row = order.entitlements.filter(pk=entitlement_id).first()
        file = VariantFile.objects.filter(pk=file_id, variant=row.variant_id).first() if row is not None else None
        if row is None or file is None or file.withdrawn:
            raise DownloadRefused(_("This file is not offered any more. Write to us and we help."))
        _must_be_open(order, row)
        records = DownloadRecord.objects.filter(entitlement=row, file=file)
        if not records.filter(nonce=nonce).exists():
            if row.most_downloads is not None and records.filter(before_renewal=False).count() >= row.most_downloads:
                raise DownloadRefused(
                    _("You have downloaded this file as often as you can. Write to us if something went wrong.")
                )
            DownloadRecord.objects.create(entitlement=row, file=file, nonce=nonce)
        _begin(order, row)
    return file


def show_keys(*, number: str, entitlement_id: int) -> None:
    """The customer has the keys shown: what they bought is in their hands. Raises `DownloadRefused`."""
    with transaction.atomic():
        order = lock_order(number)
        row = order.entitlements.filter(pk=entitlement_id).first()
        if row is None:
            raise DownloadRefused(_("There are no licence keys here."))
        _must_be_open(order, row)
        _begin(order, row)


def _must_be_open(order: Order, row: Entitlement) -> None:
    if row.state != EntitlementState.ACTIVE:
        raise DownloadRefused(_("This download has ended, because its price was returned or the order was changed."))
    if is_over(row):
        raise DownloadRefused(_("The time to download this has run out. Write to us if you still need it."))
    if needs_consent(order):
        raise DownloadRefused(_("Agree first that the download begins now. The button is in your order."))


def _begin(order: Order, row: Entitlement) -> None:
    if row.first_download_at is None:
        row.first_download_at = timezone.now()
        row.save(update_fields=["first_download_at", "updated"])
        write_event(order, "download.begun", line=row.ref)


def agree_to_download(*, number: str) -> None:
    """The customer wants it now and knows that the right of withdrawal ends with the download. Once per order."""
    with transaction.atomic():
        order = lock_order(number)
        give_consent(order, text=consent_text(), place="order")


def renew_download(*, entitlement_id: int) -> Entitlement:
    """Open a download anew: counting begins again, and so do its days."""
    with transaction.atomic():
        row = _lock(entitlement_id)
        days = DownloadTerms.objects.filter(variant=row.variant_id).values_list("days", flat=True).first()
        DownloadRecord.objects.filter(entitlement=row).update(before_renewal=True)
        if row.state == EntitlementState.REVOKED:
            row.become(state=EntitlementState.ACTIVE)
        row.expires_at = timezone.now() + timedelta(days=days) if days else None
        row.revoke_reason = ""
        row.save(update_fields=["expires_at", "revoke_reason", "updated"])
        write_event(row.order, "download.renewed", to_customer=True, line=row.ref)
        audit.record("orders.renew_download", row.order, data={"line": row.ref})
    return row


def revoke_download(*, entitlement_id: int, reason: str) -> Entitlement:
    """End a download. Ended already: nothing changes. Raises `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = _lock(entitlement_id)
        revoke_rows([row], reason=reason.strip())
        audit.record("orders.revoke_download", row.order, data={"line": row.ref}, reason=reason)
    return row


def revoke_rows(rows: Iterable[Entitlement], *, reason: str) -> None:
    """End these downloads; the caller holds the lock of their orders."""
    for row in rows:
        if row.state == EntitlementState.ACTIVE:
            row.become(state=EntitlementState.REVOKED)
            row.revoke_reason = reason[:200]
            row.save(update_fields=["revoke_reason", "updated"])
            write_event(row.order, "download.revoked", to_customer=True, line=row.ref)


def revoke_refunded(*, refund_number: str) -> None:
    """What is paid back in full is downloaded no more. The caller holds the order's lock."""
    refund = OrderRefund.objects.get(number=refund_number)
    lines = [line_id for line_id in refund.lines.values_list("order_line", flat=True) if line_id]
    rows = Entitlement.objects.select_related("order", "order_line").filter(order_line__in=lines)
    parts = {part.ref: part for row in rows for part in row.order_line.parts.all()}
    revoke_rows([row for row in rows if _is_paid_back(row, parts.get(row.ref) or row.order_line)], reason=refund.reason)


def _is_paid_back(row: Entitlement, sold: object) -> bool:
    return int(getattr(sold, "qty_refunded", 0)) >= row.quantity


def revoke_of_order(*, number: str, reason: str) -> None:
    """The order is canceled: nothing of it is downloaded any more. The caller holds the order's lock."""
    revoke_rows(Entitlement.objects.select_related("order").filter(order__number=number), reason=reason)


def _lock(entitlement_id: int) -> Entitlement:
    number = Entitlement.objects.values_list("order__number", flat=True).get(pk=entitlement_id)
    lock_order(number)
    return Entitlement.objects.lock().select_related("order").get(pk=entitlement_id)
