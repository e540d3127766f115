"""Write what a projection says: lines, components, taxes and totals, so that everything still adds up."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.db.models import ProtectedError
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.actions import fix_skus
from core.money import from_minor, to_minor, zero
from orders.changes.errors import ChangeRefused
from orders.changes.types import LINE_AMOUNTS, TOTALS, LineAfter, Projection
from orders.models import (
    INSIDE,
    AdjustmentKind,
    FulfillmentLine,
    Order,
    OrderAdjustment,
    OrderLine,
    OrderLinePart,
    OrderTaxLine,
)
from orders.returning.exceptions import exceptions_of

WRITTEN_ONCE = ("orders.OrderTaxLine:append_only", "orders.OrderAdjustment:append_only")
"""Rows that only a change of the order may replace; what stood before is kept with the change."""


def rows_of_order(order: Order) -> dict[str, Any]:
    """What stands now, as it is kept with a change: lines, tax lines and totals, in minor units."""
    return {
        "lines": [
            {
                "position": line.position,
                "sku": line.sku,
                "name": line.name,
                "options_text": line.options_text,
                "quantity": line.quantity,
                "tax_rate": str(line.tax_rate),
                **{name: to_minor(getattr(line, name)) for name in LINE_AMOUNTS},
            }
            for line in order.lines.order_by("position")
        ],
        "taxes": [
            {
                "position": row.line.position if row.line is not None else 0,
                "owner": row.owner,
                "place": row.place,
                "rate": str(row.rate),
                "base": to_minor(row.base),
                "amount": to_minor(row.amount),
                "included": row.included,
                "reason": row.reason,
                "label": row.label,
                "rule_ref": row.rule_ref,
                "scheme": row.scheme,
            }
            for row in order.tax_lines.select_related("line").order_by("pk")
        ],
        "totals": {name: to_minor(getattr(order, name)) for name in TOTALS},
        "delivery": {"code": order.delivery_code, "name": order.delivery_name},
    }


def write_projection(order: Order, projection: Projection) -> dict[int, OrderLine]:
    """Make the rows what the projection says; returns the lines by position. The caller holds the order's lock.

    Stock is not touched here. Raises `ChangeRefused` when a line that goes is part of something else.
    """
    with pgtrigger.ignore(*WRITTEN_ONCE):
        _drop_taxes(order, projection)
        _drop_lines(order, projection.removed)
    rows = {line.pk: line for line in order.lines.prefetch_related("parts")}
    for after in projection.lines:
        if after.line_id is not None:
            _rewrite_line(rows[after.line_id], after, is_gross=projection.price_mode == "gross")
    fresh = [_new_line(order, projection, after) for after in projection.lines if after.line_id is None]
    fix_skus(variant_ids=[line.variant_id for line in fresh if line.variant_id is not None])
    by_position = {line.position: line for line in order.lines.prefetch_related("parts")}
    _write_taxes(order, projection, by_position)
    _write_delivery(order, projection)
    _write_order(order, projection)
    return by_position


def _drop_taxes(order: Order, projection: Projection) -> None:
    """Everything, or the taxes of the lines that were priced anew."""
    touched = [*projection.removed, *(after.line_id for after in projection.lines if after.line_id is not None)]
    rows = OrderTaxLine.objects.filter(order=order)
    if not projection.requotes_delivery:
        rows = rows.filter(line__in=touched)
    rows.delete()


def _drop_lines(order: Order, line_ids: Sequence[int]) -> None:
    if not line_ids:
        return
    OrderAdjustment.objects.filter(line__in=line_ids).delete()
    FulfillmentLine.objects.filter(order_line__in=line_ids, fulfillment__state__in=INSIDE).delete()
    try:
        OrderLinePart.objects.filter(order_line__in=line_ids).delete()
        OrderLine.objects.filter(pk__in=line_ids, order=order).delete()
    except ProtectedError as clash:
        raise ChangeRefused(
            _("One of the lines is part of a return, a question or a refund. Cancel it instead.")
        ) from clash


def _rewrite_line(line: OrderLine, after: LineAfter, *, is_gross: bool) -> None:
    line.quantity, line.tax_rate, line.tax_included = after.quantity, Decimal(after.tax_rate), is_gross
    for name in LINE_AMOUNTS:
        setattr(line, name, from_minor(after.amounts[name], line.currency))
    line.save(update_fields=["quantity", "tax_rate", "tax_included", *LINE_AMOUNTS])
    for part, share in zip(line.parts.all(), after.parts, strict=True):
        part.quantity = part.per_set * after.quantity
        _share(part, share, line.currency)
        part.save(update_fields=["quantity", "share_net", "share_tax", "share_duty", "tax_rate"])


def _share(part: OrderLinePart, share: Mapping[str, Any], currency: str) -> None:
    for name in ("share_net", "share_tax", "share_duty"):
        setattr(part, name, from_minor(share[name], currency))
    part.tax_rate = Decimal(share["tax_rate"])


def _new_line(order: Order, projection: Projection, after: LineAfter) -> OrderLine:
    nothing = zero(order.currency)
    exceptions = exceptions_of([after.variant_id or 0, *(share["facts"]["variant_id"] for share in after.parts)])
    line = OrderLine(
        order=order,
        return_exception=exceptions.get(after.variant_id or 0, ""),
        position=after.position,
        ref=f"{order.number}/{after.position}",
        variant_id=after.variant_id,
        sku=after.sku,
        name=after.name,
        options_text=after.options_text,
        quantity=after.quantity,
        currency=order.currency,
        tax_included=projection.price_mode == "gross",
        tax_rate=Decimal(after.tax_rate),
        net_refunded=nothing,
        tax_refunded=nothing,
        **after.facts,
        **{name: from_minor(after.amounts[name], order.currency) for name in LINE_AMOUNTS},
    )
    line.save(force_insert=True)
    OrderLinePart.objects.bulk_create(_new_part(line, share, exceptions) for share in after.parts)
    return line


def _new_part(line: OrderLine, share: Mapping[str, Any], exceptions: Mapping[int, str]) -> OrderLinePart:
    nothing = zero(line.currency)
    part = OrderLinePart(
        order_line=line,
        return_exception=exceptions.get(share["facts"]["variant_id"], ""),
        position=share["position"],
        ref=f"{line.ref}.{share['position']}",
        per_set=share["per_set"],
        quantity=share["per_set"] * line.quantity,
        currency=line.currency,
        net_refunded=nothing,
        tax_refunded=nothing,
        **share["facts"],
    )
    _share(part, share, line.currency)
    return part


def _write_taxes(order: Order, projection: Projection, lines: Mapping[int, OrderLine]) -> None:
    parts = {(line.position, part.position): part for line in lines.values() for part in line.parts.all()}
    OrderTaxLine.objects.bulk_create(
        OrderTaxLine(
            order=order,
            line=lines.get(tax.position),
            part=parts.get((tax.position, tax.part)),
            owner=tax.owner,
            place=tax.place,
            rate=Decimal(tax.rate),
            currency=order.currency,
            base=from_minor(tax.base, order.currency),
            amount=from_minor(tax.amount, order.currency),
            included=tax.included,
            reason=tax.reason,
            label=tax.label,
            rule_ref=tax.rule_ref,
            scheme=tax.scheme,
        )
        for tax in projection.taxes
    )


def _write_delivery(order: Order, projection: Projection) -> None:
    """The delivery as it is promised now, on the order and on what is still planned."""
    told = projection.delivery
    if told is None:
        return
    with pgtrigger.ignore(*WRITTEN_ONCE):
        OrderAdjustment.objects.filter(order=order, kind=AdjustmentKind.SHIPPING).delete()
    with translation.override(order.language):
        label = _("Delivery")
    OrderAdjustment.objects.create(
        order=order,
        kind=AdjustmentKind.SHIPPING,
        label=label,
        source=f"delivery:{told.code}",
        explanation=told.explanation,
        amount=from_minor(projection.totals["shipping_total"], order.currency),
    )
    order.delivery_code, order.delivery_name, order.delivery_carrier = told.code, told.name, told.carrier
    order.arrives_from, order.arrives_to = date.fromisoformat(told.first), date.fromisoformat(told.last)
    if told.cheapest is not None:
        order.standard_delivery = from_minor(told.cheapest, order.currency)
    order.fulfillments.filter(state__in=INSIDE, not_before__isnull=True).update(
        carrier=told.carrier, carrier_service=told.name, eta_from=order.arrives_from, eta_to=order.arrives_to
    )


def _write_order(order: Order, projection: Projection) -> None:
    for name in TOTALS:
        setattr(order, name, from_minor(projection.totals[name], order.currency))
    order.landed, order.price_mode = dict(projection.landed), projection.price_mode
    order.quote_version += 1
    order.save()
