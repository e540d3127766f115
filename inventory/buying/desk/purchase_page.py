"""One order to a supplier, built from rows in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.selling import spoken
from core.money import from_minor
from inventory.buying.actions.receiving import shelf_key
from inventory.buying.desk.purchase_list import state_of
from inventory.buying.desk.types import Allowed, DeliveryRow, PurchaseLineRow, PurchasePage
from inventory.models import PurchaseLine, PurchaseOrder, PurchaseReceipt, PurchaseReceiptLine
from inventory.stockwork.batches import parts_by_key
from inventory.types import BatchPart
from markets.formatting import format_date

Person = AbstractBaseUser | AnonymousUser
State = PurchaseOrder.State


def purchase_page(order: PurchaseOrder, person: Person, *, settle_forms: Mapping[int, Any]) -> PurchasePage:
    """The page of an order. `settle_forms` are the forms of open differences, by delivery."""
    language = get_language() or "en"
    lines = list(order.lines.select_related("variant__product").order_by("pk"))
    told = Prefetch("lines", PurchaseReceiptLine.objects.select_related("line__variant").order_by("pk"))
    receipts = list(order.receipts.prefetch_related(told).order_by("-pk"))
    batches = parts_by_key(shelf_key(one.pk) for one in receipts)
    return PurchasePage(
        number=order.number,
        state=state_of(order),
        supplier=order.supplier.name,
        supplier_url=reverse("admin:inventory_supplier_change", args=[order.supplier_id]),
        email=order.supplier.email,
        warehouse=order.warehouse.name_i18n,
        at=order.created,
        sent_at=order.sent_at,
        expected_on=order.expected_on,
        is_late=order.is_late(),
        incoterm=order.incoterm,
        supplier_ref=order.supplier_ref,
        note=order.note,
        canceled_because=order.canceled_because,
        total=from_minor(sum(line.total_minor for line in lines), order.currency),
        lines=tuple(_line(line, language) for line in lines),
        deliveries=tuple(_delivery(one, settle_forms.get(one.pk), batches, language) for one in receipts),
        allowed=allowed(order, person, has_lines=bool(lines)),
    )


def allowed(order: PurchaseOrder, person: Person, *, has_lines: bool) -> Allowed:
    """What may be done now, by the state and by the permissions."""

    def may(name: str) -> bool:
        return bool(person.has_perm(f"inventory.{name}"))  # type: ignore[union-attr]  # every account can be asked

    is_draft = order.state == State.DRAFT
    return Allowed(
        write=may("change_purchaseorder") and is_draft,
        send=may("send_purchaseorder") and is_draft and has_lines,
        again=may("send_purchaseorder") and order.is_coming and bool(order.supplier.email),
        confirm=may("send_purchaseorder") and order.is_coming,
        receive=may("receive_purchaseorder") and order.is_coming,
        rest=may("send_purchaseorder") and order.state == State.PARTLY_RECEIVED,
        cancel=may("send_purchaseorder") and order.state in (State.DRAFT, State.SENT, State.CONFIRMED),
        settle=may("settle_difference"),
    )


def _line(line: PurchaseLine, language: str) -> PurchaseLineRow:
    return PurchaseLineRow(
        pk=line.pk,
        variant_id=line.variant_id,
        sku=line.variant.sku,
        supplier_sku=line.supplier_sku,
        name=" · ".join(part for part in spoken(line.variant, language) if part),
        quantity=line.quantity,
        cost=line.cost,
        total=from_minor(line.total_minor, line.cost.currency.code),
        received=line.received,
        rejected=line.rejected,
        given_up=line.given_up,
        to_come=line.to_come,
        over=line.over,
    )


Batches = Mapping[tuple[str, int], Sequence[BatchPart]]


def _delivery(receipt: PurchaseReceipt, form: Any, batches: Batches, language: str) -> DeliveryRow:
    key = shelf_key(receipt.pk)
    return DeliveryRow(
        pk=receipt.pk,
        position=receipt.position,
        at=receipt.received_at,
        who=receipt.actor,
        note=receipt.delivery_note,
        lines=tuple(_came(one, batches.get((key, one.line.variant_id), ()), language) for one in receipt.lines.all()),
        differs=receipt.has_difference,
        settled=receipt.settled_note,
        form=form,
    )


def _came(one: PurchaseReceiptLine, batches: Sequence[BatchPart], language: str) -> str:
    sku = one.line.variant.sku
    parts = [ngettext("%(count)d kept", "%(count)d kept", one.accepted) % {"count": one.accepted}]
    parts += [_batch(part, language) for part in batches if part.code]
    if one.over:
        parts.append(
            ngettext("%(count)d more than ordered", "%(count)d more than ordered", one.over) % {"count": one.over}
        )
    if one.rejected:
        refused = ngettext("%(count)d rejected (%(why)s)", "%(count)d rejected (%(why)s)", one.rejected)
        parts.append(refused % {"count": one.rejected, "why": one.get_fault_display()})
    if one.note:
        parts.append(one.note)
    return _("%(sku)s: %(what)s") % {"sku": sku, "what": ", ".join(parts)}


def _batch(part: BatchPart, language: str) -> str:
    if part.expires_on is None:
        return _("batch %(code)s") % {"code": part.code}
    day = format_date(part.expires_on, language, style="medium")
    return _("batch %(code)s, best before %(day)s") % {"code": part.code, "day": day}
