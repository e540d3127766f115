"""Orders to suppliers from the first line until nothing more will come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from catalog.models import Variant
from core import audit
from core.events import publish
from core.money import to_minor
from core.sequences import take_number
from inventory.buying.errors import (
    BelowLeast,
    CurrencyDiffers,
    NotComing,
    NotDraft,
    NothingOrdered,
    NotSold,
    ReasonWanted,
)
from inventory.events import PurchaseSent
from inventory.models import PurchaseLine, PurchaseOrder, Supplier, SupplierVariant, Warehouse

State = PurchaseOrder.State


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """So many pieces of a variant on an order; none takes its line away."""

    variant_id: int
    pieces: int


def draft_purchase(
    *, supplier_id: int, warehouse_code: str, wanted: Sequence[Wanted] = (), note: str = ""
) -> PurchaseOrder:
    """A new draft with these lines at the supplier's prices. Raises `NotSold`, `CurrencyDiffers`."""
    with transaction.atomic():
        order = new_draft(supplier_id=supplier_id, warehouse_code=warehouse_code, wanted=wanted, note=note)
        audit.record("buying.draft_purchase", order, data={"supplier": order.supplier.code, "lines": len(wanted)})
        return order


def new_draft(*, supplier_id: int, warehouse_code: str, wanted: Sequence[Wanted], note: str = "") -> PurchaseOrder:
    """The same for who writes the log at the end of something larger: numbers are locked before the log is."""
    supplier = Supplier.objects.get(pk=supplier_id)
    order = PurchaseOrder.objects.create(
        number=f"PO-{take_number('purchase'):06d}",
        supplier=supplier,
        warehouse=Warehouse.objects.get(code=warehouse_code),
        currency=supplier.currency,
        incoterm=supplier.incoterm,
        note=note,
    )
    _write(order, wanted)
    return order


def open_drafts(supplier_ids: Collection[int]) -> dict[tuple[int, str], PurchaseOrder]:
    """The newest draft of each supplier and warehouse, locked. Call it before anything takes a number."""
    rows = PurchaseOrder.objects.lock().filter(supplier_id__in=supplier_ids, state=State.DRAFT)
    return {(row.supplier_id, row.warehouse.code): row for row in rows.select_related("warehouse")}


def add_to_draft(order: PurchaseOrder, pieces: Mapping[int, int]) -> None:
    """Put pieces on a locked draft, beside what is on it; the caller logs it. Raises `NotSold`, `CurrencyDiffers`."""
    there = dict(order.lines.filter(variant__in=list(pieces)).values_list("variant_id", "quantity"))
    _write(order, [Wanted(variant_id=pk, pieces=count + there.get(pk, 0)) for pk, count in sorted(pieces.items())])


def write_purchase(*, number: str, wanted: Sequence[Wanted], note: str | None = None) -> PurchaseOrder:
    """Set the pieces of lines of a draft; lines that are not named stay. Raises `NotDraft`, `NotSold`."""
    with transaction.atomic():
        order = _locked(number)
        if order.state != State.DRAFT:
            raise NotDraft
        _write(order, wanted)
        if note is not None and note != order.note:
            order.note = note
            order.save(update_fields=["note", "updated"])
        audit.record("buying.write_purchase", order, data={"lines": len(wanted)})
        return order


def _write(order: PurchaseOrder, wanted: Sequence[Wanted]) -> None:
    articles = {
        row.variant_id: row
        for row in SupplierVariant.objects.filter(
            supplier_id=order.supplier_id, variant__in=[one.variant_id for one in wanted], is_active=True
        ).select_related("variant")
    }
    PurchaseLine.objects.filter(order=order, variant__in=[one.variant_id for one in wanted if not one.pieces]).delete()
    lines = [_line(order, one, articles.get(one.variant_id)) for one in wanted if one.pieces]
    PurchaseLine.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["order", "variant"],
        update_fields=["quantity", "cost", "cost_currency", "supplier_sku"],
    )


def _line(order: PurchaseOrder, wanted: Wanted, article: SupplierVariant | None) -> PurchaseLine:
    if article is None:
        raise NotSold(sku=_sku(wanted.variant_id))
    if article.cost.currency.code != order.currency:
        raise CurrencyDiffers(sku=article.variant.sku, currency=article.cost.currency.code)
    return PurchaseLine(
        order=order,
        variant_id=wanted.variant_id,
        supplier_sku=article.supplier_sku,
        quantity=wanted.pieces,
        cost=article.cost,
    )


def _sku(variant_id: int) -> str:
    return Variant.objects.filter(pk=variant_id).values_list("sku", flat=True).first() or str(variant_id)


def send_purchase(*, number: str, by_mail: bool = True) -> PurchaseOrder:
    """Hand a draft over to the supplier: by mail where they have an address, otherwise somebody else carries it.

    The day it is expected on follows from the longest lead time on it. Raises `NotDraft`, `NothingOrdered`,
    `BelowLeast`.
    """
    with transaction.atomic():
        order = _locked(number)
        if order.state != State.DRAFT:
            raise NotDraft
        lines = list(order.lines.all())
        if not lines:
            raise NothingOrdered
        _refuse_small(order, lines)
        order.sent_at = timezone.now()
        order.expected_on = timezone.localdate() + timedelta(days=_lead_days(order, lines))
        order.mails += 1 if by_mail and order.supplier.email else 0
        order.save(update_fields=["sent_at", "expected_on", "mails", "updated"])
        order.become(state=State.SENT)
        audit.record("buying.send_purchase", order, data={"lines": len(lines), "mail": bool(order.mails)})
        if order.mails:
            publish(PurchaseSent(number=order.number, mail=order.mails))
        return order


def send_again(*, number: str) -> PurchaseOrder:
    """The same mail once more, for a supplier who has lost it. Raises `NotComing`."""
    with transaction.atomic():
        order = _locked(number)
        if not order.is_coming or not order.supplier.email:
            raise NotComing
        order.mails += 1
        order.save(update_fields=["mails", "updated"])
        audit.record("buying.send_purchase_again", order)
        publish(PurchaseSent(number=order.number, mail=order.mails))
        return order


def _refuse_small(order: PurchaseOrder, lines: Sequence[PurchaseLine]) -> None:
    least = order.supplier.least_order
    total = sum(line.total_minor for line in lines)
    if least is not None and least.currency.code == order.currency and total < to_minor(least):
        raise BelowLeast(least=f"{least.amount:f} {least.currency.code}")


def _lead_days(order: PurchaseOrder, lines: Sequence[PurchaseLine]) -> int:
    own = SupplierVariant.objects.filter(
        supplier_id=order.supplier_id, variant__in=[line.variant_id for line in lines], lead_days__isnull=False
    ).values_list("lead_days", flat=True)
    return max([order.supplier.lead_days, *(days for days in own if days is not None)])


def confirm_purchase(*, number: str, expected_on: date, supplier_ref: str = "") -> PurchaseOrder:
    """The supplier agreed, and says until when. A later word of theirs moves the day. Raises `NotComing`."""
    with transaction.atomic():
        order = _locked(number)
        if not order.is_coming:
            raise NotComing
        before = order.expected_on
        order.expected_on, order.supplier_ref = expected_on, supplier_ref or order.supplier_ref
        order.save(update_fields=["expected_on", "supplier_ref", "updated"])
        if order.state == State.SENT:
            order.become(state=State.CONFIRMED)
        audit.record("buying.confirm_purchase", order, data={"from": before, "to": expected_on})
        return order


def give_up_rest(*, number: str, reason: str) -> PurchaseOrder:
    """Nothing more will come of the order: what is missing is no longer expected. Raises `NotComing`."""
    with transaction.atomic():
        order = _locked(number)
        if order.state != State.PARTLY_RECEIVED:
            raise NotComing
        missing = 0
        for line in PurchaseLine.objects.lock().filter(order=order):
            if line.to_come:
                missing += line.to_come
                line.given_up += line.to_come
                line.save(update_fields=["given_up"])
        order.become(state=State.RECEIVED)
        audit.record("buying.give_up_rest", order, data={"pieces": missing}, reason=reason)
        return order


def cancel_purchase(*, number: str, reason: str) -> PurchaseOrder:
    """Call the whole order off, as long as nothing of it has arrived. Raises `IllegalTransition`, `ReasonWanted`."""
    if not reason.strip():
        raise ReasonWanted
    with transaction.atomic():
        order = _locked(number)
        order.canceled_because = reason.strip()[:300]
        order.save(update_fields=["canceled_because", "updated"])
        order.become(state=State.CANCELED)
        audit.record("buying.cancel_purchase", order, reason=reason)
        return order


def _locked(number: str) -> PurchaseOrder:
    return PurchaseOrder.objects.lock().select_related("supplier", "warehouse").get(number=number)
