"""What a credit note says: its invoice, and what of it goes back."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.money import to_minor
from orders.documents import amounts
from orders.documents.amounts import Cell, MoreThanLeft, Wanted
from orders.documents.refusals import DocumentRefused
from orders.models import Document, OrderRefund, OrderRefundLine

OUTSIDE = "outside:"
"""Keys of refunds that were made at the provider; their reason is a note to operators."""


def credit_facts(refund: OrderRefund, invoice: Document) -> dict[str, Any]:
    """Everything the credit note of a refund says. Raises `DocumentRefused`.

    Lines are taken back at the rates they were invoiced at. A plain sum, such as one paid back at the provider
    without us, lowers the price of everything that is left.
    """
    is_outside = refund.key.startswith(OUTSIDE)
    return _credit(invoice, [refund], reason="" if is_outside else refund.reason)


def repeated_credit_facts(refunds: Sequence[OrderRefund], invoice: Document, *, reason: str) -> dict[str, Any]:
    """What was refunded before an order was changed, said again of the invoice that stands now."""
    return _credit(invoice, refunds, reason=reason)


def whole_credit_facts(invoice: Document, *, reason: str) -> dict[str, Any] | None:
    """Everything that is left of an invoice; none when nothing is."""
    cells = [cell for cell in left_of_invoice(invoice) if cell.net or cell.tax]
    if not cells:
        return None
    sums, is_gross = amounts.by_position(cells), invoice.facts["price_mode"] == "gross"
    kept = ("key", "kind", "sku", "name", "options", "quantity", "is_shipped")
    positions = [
        {name: one[name] for name in kept if name in one}
        | {"shown": sums[one["key"]][0] + (sums[one["key"]][1] if is_gross else 0)}
        for one in invoice.facts["positions"]
        if one["key"] in sums
    ]
    return _facts(invoice, reason=reason, positions=positions, cells=cells)


def left_of_invoice(invoice: Document) -> tuple[Cell, ...]:
    """What the credit notes so far have left of it."""
    before = invoice.corrections.values_list("facts", flat=True)
    notes = [amounts.from_json(facts["cells"]) for facts in before]
    return amounts.left_of(amounts.from_json(invoice.facts["cells"]), notes)


def _credit(invoice: Document, refunds: Sequence[OrderRefund], *, reason: str) -> dict[str, Any]:
    rows = {one.pk: list(one.lines.select_related("order_line", "part").order_by("pk")) for one in refunds}
    wanted = [wish for one in refunds for wish in _wanted(rows[one.pk], one)]
    try:
        cells = amounts.credit(left_of_invoice(invoice), wanted)
    except MoreThanLeft:
        raise DocumentRefused("left") from None
    if amounts.total(cells) != sum(to_minor(one.amount) for one in refunds):
        raise DocumentRefused("sums")
    mode = invoice.facts["price_mode"]
    positions = [position for one in refunds for position in _positions(rows[one.pk], one, mode)]
    return _facts(invoice, reason=reason, positions=positions, cells=cells)


def _facts(invoice: Document, *, reason: str, positions: list[dict[str, Any]], cells: Sequence[Cell]) -> dict[str, Any]:
    corrects = {"number": invoice.number, "issued_on": invoice.issued_on.isoformat(), "reason": reason}
    return {**invoice.facts, "corrects": corrects, "positions": positions, "cells": amounts.as_json(cells)}


def _wanted(rows: Sequence[OrderRefundLine], refund: OrderRefund) -> Iterable[Wanted]:
    if not rows:
        yield Wanted(positions=(), both=to_minor(refund.amount))
    for row in rows:
        if row.order_line is None:
            yield Wanted(positions=("shipping", "fee"), net=to_minor(row.net), tax=to_minor(row.tax))
            continue
        component = row.part.position if row.part else 0
        goods = (f"goods:{row.order_line.position}",)
        yield Wanted(positions=goods, component=component, net=to_minor(row.net), tax=to_minor(row.tax))
        if row.duty.amount:
            duty = (f"duty:{row.order_line.position}",)
            yield Wanted(positions=duty, component=component, both=to_minor(row.duty))


def _positions(rows: Sequence[OrderRefundLine], refund: OrderRefund, price_mode: str) -> list[dict[str, Any]]:
    if not rows:
        return [{"key": "", "kind": "sum", "name": "", "quantity": 1, "shown": to_minor(refund.amount)}]
    found = []
    for row in rows:
        shown = to_minor(row.net) + (to_minor(row.tax) if price_mode == "gross" else 0)
        if row.order_line is None:
            found.append({"key": "shipping", "kind": "shipping", "name": "", "quantity": 1, "shown": shown})
            continue
        line = row.order_line
        sold = row.part or line
        key = f"goods:{line.position}"
        found.append(
            {
                "key": key,
                "kind": "goods",
                "sku": sold.sku,
                "name": sold.name,
                "options": sold.options_text,
                "quantity": row.quantity,
                "shown": shown,
                "is_shipped": line.requires_shipping,
            }
        )
        if row.duty.amount:
            duty = {"key": f"duty:{line.position}", "kind": "duty", "name": sold.name, "quantity": 1}
            found.append({**duty, "shown": to_minor(row.duty)})
    return found
