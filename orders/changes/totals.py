"""The totals of a changed order: the quote's where all was priced anew, else what stands plus what was. Pure."""

from collections.abc import Mapping, Sequence

from cart.types import Quote
from core.money import to_minor
from orders.changes.types import TOTALS, LineAfter, TaxAfter
from orders.models import Order, OrderLine, OrderTaxLine


def totals_after(
    order: Order,
    lines: Sequence[LineAfter],
    standing: Sequence[OrderLine],
    taxes: Sequence[TaxAfter],
    stored: Sequence[OrderTaxLine],
    quote: Quote | None,
) -> Mapping[str, int]:
    """The money columns of the order. With a `quote` of everything they are its own."""
    if quote is not None:
        return {name: to_minor(getattr(quote, name)) for name in TOTALS}
    found = {
        "items_total": _sum(lines, standing, "line_list"),
        "discount_total": _sum(lines, standing, "line_discount"),
        "shipping_total": to_minor(order.shipping_total),
        "fee_total": to_minor(order.fee_total),
    }
    amounts = [(tax.owner, tax.base, tax.amount, tax.included) for tax in taxes]
    amounts += [(row.owner, to_minor(row.base), to_minor(row.amount), row.included) for row in stored]
    added = sum(base + (tax if included else 0) for owner, base, tax, included in amounts if owner == "duty")
    is_paid_now = to_minor(order.duty_total) == to_minor(order.duty_added)
    found["duty_added"] = added
    found["duty_total"] = added if is_paid_now else max(added, to_minor(order.duty_total))
    found["tax_total"] = sum(tax for _, _, tax, _ in amounts)
    found["tax_added"] = sum(tax for _, _, tax, included in amounts if not included)
    found["total"] = (
        found["items_total"]
        - found["discount_total"]
        + found["shipping_total"]
        + found["fee_total"]
        + found["duty_added"]
        + found["tax_added"]
    )
    return found


def _sum(lines: Sequence[LineAfter], standing: Sequence[OrderLine], name: str) -> int:
    return sum(line.amounts[name] for line in lines) + sum(to_minor(getattr(row, name)) for row in standing)
