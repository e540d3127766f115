"""One return for operators, built from rows in a fixed number of queries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Prefetch
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from catalog.selling import spoken
from core.money import Money, from_minor, zero
from markets.formatting import format_day
from markets.names import language_name
from markets.queries import market_of_record
from orders.actions.refund_rows import wished_parts
from orders.models import (
    Exchange,
    ExchangeState,
    Order,
    OrderAttachment,
    OrderEvent,
    Resolution,
    ReturnLine,
    ReturnRequest,
    ReturnState,
    ReturnUnit,
)
from orders.returning import words
from orders.returning.desk_list import return_state
from orders.returning.desk_types import DeskAllowed, DeskLine, DeskReturn, SeenUnit
from orders.returning.rules import FAULTS, WITHDRAWAL
from orders.returning.settling import deducted, replaceable
from orders.returning.types import FileLink
from orders.returning.units import is_over, policy_row, return_period
from orders.types import RefundWish
from orders.workspace.page import warehouse_choices
from orders.workspace.words import sold_thing

Person = AbstractBaseUser | AnonymousUser
EXPECTED = (ReturnState.APPROVED, ReturnState.LABEL_SENT, ReturnState.RECEIVED)


def desk_return(request: ReturnRequest, person: Person, *, forms: Mapping[int, Any]) -> DeskReturn:
    """The page of a return. `forms` are the forms of the next unit, by line."""
    order = request.order
    language = get_language() or "en"
    lines = _rows(request)
    files = list(request.attachments.all())
    policy = policy_row(order.market)
    standing = Exchange.objects.filter(return_request=request).exclude(state=ExchangeState.GIVEN_UP)
    exchange = standing.select_related("child").first()
    return DeskReturn(
        number=request.number,
        order=order.number,
        order_url=reverse("admin:workspace_order", args=[order.number]),
        customer=str(order.addresses["ship"].get("parts", {}).get("name", "")) or order.email,
        email=order.email,
        language=language_name(order.language, language),
        market=market_of_record(order.market, language=language).name,
        state=return_state(request),
        at=request.created,
        reason=words.reason_words(request.reason),
        is_withdrawal=request.reason == WITHDRAWAL,
        in_time=_in_time(order, language),
        resolution=request.get_resolution_display(),
        note=request.note,
        answer=request.answer,
        way_back=f"{request.get_way_back_display()}. {_('A label is sent.') if policy.sends_label else ''}".strip(),
        return_to=tuple(request.return_to),
        send_by=request.send_by,
        tracking=request.tracking,
        lines=tuple(_line(row, order, language, forms.get(row.pk)) for row in lines),
        photos=tuple(desk_file(one) for one in files if not one.is_label),
        labels=tuple(desk_file(one) for one in files if one.is_label),
        refund=request.refund.number if request.refund else "",
        refund_amount=request.refund.amount if request.refund else None,
        new_order=_child(exchange),
        tickets=tuple(
            (f"{one.number} {one.subject}", reverse("admin:workspace_ticket", args=[one.number]))
            for one in request.tickets.order_by("pk")
        ),
        history=[_step(event) for event in order.events.filter(data__contains={"return": request.number})],
        allowed=allowed(request, lines, person, exchange),
    )


def _child(exchange: Exchange | None) -> tuple[str, str] | None:
    """Number and page of the order that was made for what is wanted instead."""
    if exchange is None or exchange.child is None:
        return None
    return exchange.child.number, reverse("admin:workspace_order", args=[exchange.child.number])


def allowed(request: ReturnRequest, lines: list[ReturnLine], person: Person, exchange: Exchange | None) -> DeskAllowed:
    """What may be done now, by the state and by the permissions."""

    def may(name: str) -> bool:
        return bool(person.has_perm(f"orders.{name}"))  # type: ignore[union-attr]  # every account can be asked

    unseen = any(len(row.units.all()) < row.received_qty for row in lines)
    before = request.state in (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.LABEL_SENT)
    return DeskAllowed(
        approve=may("decide_return") and request.state == ReturnState.REQUESTED,
        reject=may("decide_return") and before and request.reason != WITHDRAWAL,
        label=may("decide_return") and request.state == ReturnState.APPROVED,
        receive=may("receive_return") and request.state in EXPECTED and any(row.to_come for row in lines),
        inspect=may("receive_return") and request.state == ReturnState.RECEIVED and unseen,
        end=may("receive_return") and request.state == ReturnState.RECEIVED and not unseen,
        refund=may("refund_order") and request.state == ReturnState.INSPECTED,
        replace=may("reship_order")
        and request.state == ReturnState.INSPECTED
        and (request.resolution == Resolution.EXCHANGE or request.reason in FAULTS)
        and bool(replaceable(request)),
        close=may("decide_return") and request.state == ReturnState.INSPECTED,
        exchange=exchange is not None,
        give_up=may("decide_return")
        and request.state in (*EXPECTED, ReturnState.INSPECTED)
        and exchange is not None
        and exchange.state == ExchangeState.AGREED,
    )


def _step(event: OrderEvent) -> tuple[datetime, str, str, str]:
    text = words.event_words(event.kind) or _("Returned unit looked at")
    return event.created, text, who_words(event.actor), event.note


def who_words(actor: str) -> str:
    """Who did it, in words for the shop itself and for the customer."""
    known = {"system": pgettext("who did it", "the shop"), "visitor": pgettext("who did it", "the customer")}
    return known.get(actor, actor)


def desk_file(row: OrderAttachment) -> FileLink:
    """A file's address inside the admin."""
    return FileLink(
        called=row.called,
        url=reverse("admin:workspace_return_file", args=[row.pk]),
        size=filesizeformat(row.size),
        is_picture=row.content_type.startswith("image/"),
    )


def _rows(request: ReturnRequest) -> list[ReturnLine]:
    units = ReturnUnit.objects.select_related("deduction").prefetch_related("attachments").order_by("position")
    rows = request.lines.select_related("order_line__variant__product", "part__variant", "wanted__product")
    return list(rows.prefetch_related(Prefetch("units", units), "order_line__parts").order_by("pk"))


def _line(row: ReturnLine, order: Order, language: str, form: Any) -> DeskLine:
    name, options = (row.part.name, row.part.options_text) if row.part else sold_thing(row.order_line)
    places = dict(warehouse_choices()) if row.units.all() else {}
    return DeskLine(
        pk=row.pk,
        sku=row.part.sku if row.part else row.order_line.sku,
        name=name,
        options_text=options,
        is_piece=row.part is not None,
        quantity=row.quantity,
        canceled=row.canceled_qty,
        received=row.received_qty,
        to_come=row.to_come,
        wanted=" ".join(part for part in spoken(row.wanted, language) if part) if row.wanted else "",
        units=tuple(
            SeenUnit(
                position=unit.position,
                condition=unit.get_condition_display(),
                fate=unit.get_fate_display(),
                warehouse=places.get(unit.warehouse_code, unit.warehouse_code),
                note=unit.note,
                who=unit.handled_by,
                at=unit.created,
                files=tuple(desk_file(one) for one in unit.attachments.all()),
                kept=from_minor(deducted(unit), order.currency) if deducted(unit) else None,
            )
            for unit in row.units.all()
        ),
        worth=_worth(order, row),
        form=form,
    )


def _worth(order: Order, row: ReturnLine) -> Money:
    """What all of the line brings back at most."""
    sold = row.part or row.order_line
    units = min(row.quantity, sold.quantity - sold.qty_refunded)
    if not units:
        return zero(order.currency)
    parts = wished_parts(order, [RefundWish(line_id=row.order_line_id, part_id=row.part_id, quantity=units)])
    return from_minor(sum(one.part.amount for one in parts), order.currency)


def _in_time(order: Order, language: str) -> str:
    period = return_period(order)
    if period.last_day is None:
        return _("The time to return has not begun to run.")
    day = {"day": format_day(period.last_day, language, form="short")}
    return _("Too late since %(day)s.") % day if is_over(order, period) else _("In time until %(day)s.") % day
