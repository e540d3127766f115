"""What a change would do, line by line, as operators read it before they confirm."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.money import Money, format_money, from_minor, to_minor
from markets.formatting import format_day
from orders.actions.changing import PAY_WITHIN
from orders.changes.types import Projection
from orders.models import Lifecycle, Order, OrderEvent
from orders.workspace.words import event_sentence

MOST = 20


@dataclass(frozen=True, kw_only=True)
class LineRow:
    """One line before and after. `state`: new, gone, changed, same."""

    name: str
    options_text: str
    sku: str
    before: int
    after: int
    total_before: Money
    total_after: Money
    state: str


@dataclass(frozen=True, kw_only=True)
class AmountRow:
    """One amount before and after, and by how much it differs."""

    label: str
    before: Money
    after: Money
    difference: Money
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangePreview:
    """The whole preview. `consequences` are sentences about stock, money and messages."""

    lines: tuple[LineRow, ...]
    amounts: tuple[AmountRow, ...]
    difference: Money
    consequences: tuple[str, ...]
    address: tuple[str, ...]
    delivery: str
    asks_for_payment: bool


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something somebody did to the order meanwhile."""

    text: str
    who: str
    at: object


def preview_of(order: Order, projection: Projection, *, address: Sequence[str], is_paid: bool) -> ChangePreview:
    """Before and after, and what follows."""
    return ChangePreview(
        lines=_lines(order, projection),
        amounts=_amounts(order, projection),
        difference=projection.difference,
        consequences=(*_stock(order, projection), *_money(order, projection, is_paid=is_paid)),
        address=tuple(address),
        delivery=projection.delivery.name
        if projection.delivery is not None and projection.delivery.code != order.delivery_code
        else "",
        asks_for_payment=is_paid and projection.delta > 0,
    )


def _lines(order: Order, projection: Projection) -> tuple[LineRow, ...]:
    after = {one.line_id: one for one in projection.lines if one.line_id is not None}
    found = []
    for line in order.lines.order_by("position"):
        new = after.get(line.pk)
        gone = line.pk in projection.removed
        count = 0 if gone else new.quantity if new is not None else line.quantity
        minor = 0 if gone else new.amounts["line_total"] if new is not None else to_minor(line.line_total)
        changed = count != line.quantity or minor != to_minor(line.line_total)
        found.append(
            LineRow(
                name=line.name,
                options_text=line.options_text,
                sku=line.sku,
                before=line.quantity,
                after=count,
                total_before=line.line_total,
                total_after=from_minor(minor, order.currency),
                state="gone" if gone else "changed" if changed else "same",
            )
        )
    found += [
        LineRow(
            name=one.name,
            options_text=one.options_text,
            sku=one.sku,
            before=0,
            after=one.quantity,
            total_before=from_minor(0, order.currency),
            total_after=from_minor(one.amounts["line_total"], order.currency),
            state="new",
        )
        for one in projection.lines
        if one.line_id is None
    ]
    return tuple(found)


def _amounts(order: Order, projection: Projection) -> tuple[AmountRow, ...]:
    labels = (
        ("items_total", _("Items")),
        ("shipping_total", _("Delivery")),
        ("duty_added", _("Import duty")),
        ("fee_total", _("Customs clearance")),
        ("tax_added", _("Tax added")),
        ("tax_total", _("Tax in all")),
        ("total", _("Total")),
    )
    rows = [(name, label, to_minor(getattr(order, name)), projection.totals[name]) for name, label in labels]
    return tuple(
        AmountRow(
            label=label,
            before=from_minor(before, order.currency),
            after=from_minor(after, order.currency),
            difference=from_minor(after - before, order.currency),
            is_total=name == "total",
        )
        for name, label, before, after in rows
        if before or after or name == "total"
    )


def _stock(order: Order, projection: Projection) -> list[str]:
    more = sum(max(0, one.quantity - one.before) for one in projection.lines)
    less = sum(max(0, one.before - one.quantity) for one in projection.lines)
    less += sum(line.quantity for line in order.lines.all() if line.pk in projection.removed)
    found = []
    if more:
        found.append(
            ngettext("%(count)d unit is set aside in stock.", "%(count)d units are set aside in stock.", more)
            % {"count": more}
        )
    if less:
        found.append(
            ngettext("%(count)d unit can be sold again.", "%(count)d units can be sold again.", less) % {"count": less}
        )
    return found


def _money(order: Order, projection: Projection, *, is_paid: bool) -> list[str]:
    language = get_language() or "en"
    amount = format_money(from_minor(abs(projection.delta), order.currency), language)
    if order.lifecycle == Lifecycle.PENDING_PAYMENT or not is_paid:
        return [_("The order is not paid yet: the customer pays the new total."), _("The customer is told by mail.")]
    if projection.delta > 0:
        day = format_day((timezone.now() + PAY_WITHIN).date(), language, form="short")
        return [
            _("The customer gets a mail with a link, and has until %(day)s to pay %(amount)s.")
            % {"day": day, "amount": amount},
            _("The order is changed when the money is there. Until then nothing of it is sent, and the stock is held."),
            _("If the customer does not pay, the order stays as it is."),
        ]
    if projection.delta < 0:
        back = _("%(amount)s go back to the customer the way they paid.") % {"amount": amount}
        return [back, _("The customer is told by mail.")]
    return [_("Nothing is paid and nothing goes back."), _("The customer is told by mail.")]


def happened_since(order: Order, seen: int) -> tuple[Happened, ...]:
    """Entries of the history after the one that was seen, newest first."""
    rows = OrderEvent.objects.filter(order=order, pk__gt=seen)[:MOST]
    return tuple(
        Happened(text=row.note if row.kind == "note" else event_sentence(row.kind, ""), who=row.actor, at=row.created)
        for row in rows
    )
