"""An order's amounts as the rows of a ticket: what it costs, what paid for it, what went back, and its taxes."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cart.types import TaxRow, TicketRow
from core.money import from_minor, to_minor
from markets.tax.labels import tax_label
from orders.actions.refund_shares import given_elsewhere
from orders.models import Order, OrderTaxLine
from payments.labels import credit_label
from payments.types import PaymentView

GIVEN_BACK = frozenset({"refunded", "partly_refunded"})


def ticket(order: Order, rows: Sequence[TaxRow], credit: Sequence[PaymentView] = ()) -> tuple[TicketRow, ...]:
    """The stored amounts, as they were agreed, and below the total what gift cards and store credit paid of it."""
    found = [TicketRow(label=_("Items"), amount=order.items_total)]
    if to_minor(order.discount_total):
        found.append(TicketRow(label=_("Discount"), amount=-order.discount_total, kind="off"))
    if order.delivery_code:
        free = not to_minor(order.shipping_total)
        found.append(TicketRow(label=_("Delivery"), amount=order.shipping_total, is_free=free))
    for label, amount in ((_("Import duty"), order.duty_added), (_("Customs clearance"), order.fee_total)):
        if to_minor(amount):
            found.append(TicketRow(label=label, amount=amount))
    found.extend(TicketRow(label=row.label, amount=row.amount) for row in rows if not row.included)
    found.append(TicketRow(label=_("Total"), amount=order.total, kind="total"))
    found.extend(_credit_rows(order, credit))
    refunded = sum(to_minor(receipt.refunded) for receipt in order.receipts.all())
    if refunded:
        found.append(TicketRow(label=_("Refunded"), amount=-from_minor(refunded, order.currency), kind="off"))
    found.extend(_given_rows(order))
    return tuple(found)


def _given_rows(order: Order) -> Iterator[TicketRow]:
    """What went back without going to a payment: to store credit, or into the goods that are sent instead."""
    if order.payment_state not in GIVEN_BACK:
        return
    given = given_elsewhere(order)
    rows = ((_("Given as store credit"), given.credit), (_("Used for an exchange"), given.exchanged))
    for label, minor in rows:
        if minor:
            yield TicketRow(label=label, amount=-from_minor(minor, order.currency), kind="off")


def _credit_rows(order: Order, credit: Sequence[PaymentView]) -> list[TicketRow]:
    """Payment, not discount: the total and its tax stay, and what is left was or is to be paid another way."""
    rows = [TicketRow(label=credit_label(one.method, one.marked), amount=-one.captured, kind="off") for one in credit]
    rest = to_minor(order.total) - sum(to_minor(one.captured) for one in credit)
    if rows and rest > 0:
        label = _("Left to pay") if order.paid_at is None else _("Paid another way")
        rows.append(TicketRow(label=label, amount=from_minor(rest, order.currency)))
    return rows


def tax_rows(lines: Sequence[OrderTaxLine], language: str) -> tuple[TaxRow, ...]:
    """The stored tax lines by place, rate and reason."""
    groups: dict[tuple[str, str, str, bool], list[OrderTaxLine]] = {}
    for line in lines:
        groups.setdefault((line.place, str(line.rate), line.reason, line.included), []).append(line)
    return tuple(_tax_row(found, language) for found in groups.values())


def _tax_row(found: Sequence[OrderTaxLine], language: str) -> TaxRow:
    first = found[0]
    currency = first.currency
    return TaxRow(
        label=tax_label(
            label=first.label,
            rate=first.rate,
            place=first.place,
            reason=first.reason,
            included=first.included,
            language=language,
        ),
        rate=first.rate,
        base=from_minor(sum(to_minor(line.base) for line in found), currency),
        amount=from_minor(sum(to_minor(line.amount) for line in found), currency),
        included=first.included,
        reason=first.reason,
    )
