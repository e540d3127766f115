"""Questions about an order: opened and answered, by its customer and by the people who carry it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from core.sequences import spread_number
from orders.actions.trail import lock_order, write_event
from orders.events import TicketWritten
from orders.models import Order, ReturnRequest, Ticket, TicketCategory, TicketMessage, TicketState
from orders.returning.errors import NothingSaid, ReturnUnknown, TooManyQuestions
from orders.returning.files import Kept, attach
from orders.returning.units import policy_row

PREFIX = "Q"
MOST_OPEN = 5
LONGEST = 5000


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a customer begins with. The same `key` is one question."""

    key: str
    category: str
    subject: str
    body: str
    return_number: str = ""


def open_ticket(*, number: str, question: Question, files: Sequence[Kept] = ()) -> Ticket:
    """Begin a conversation about an order. Raises `NothingSaid`, `TooManyQuestions`, `ReturnUnknown`."""
    if not question.body.strip():
        raise NothingSaid
    with transaction.atomic():
        order = lock_order(number)
        found = Ticket.objects.filter(key=question.key, order=order).first()
        if found is not None:
            return found
        if order.tickets.exclude(state=TicketState.SOLVED).count() >= MOST_OPEN:
            raise TooManyQuestions
        ticket = begin_ticket(order, question)
        _say(ticket, key=f"{question.key}:1", body=question.body, files=files, by_customer=True)
    return ticket


def begin_repair(request: ReturnRequest) -> Ticket:
    """What is repaired gets a conversation of its own, which waits for us; once per return.

    The caller holds the order's lock. The customer is told in the order's language.
    """
    order, key = request.order, f"repair:{request.number}"[:60]
    found = Ticket.objects.filter(key=key).first()
    if found is not None:
        return found
    with translation.override(order.language):
        subject = _("Repair, return %(number)s") % {"number": request.number}
        body = _("Your goods are being repaired. We write here as soon as they are on their way back to you.")
    question = Question(
        key=key, category=TicketCategory.REPAIR, subject=subject, body=body, return_number=request.number
    )
    ticket = begin_ticket(order, question)
    _say(ticket, key=f"{key}:1", body=body, files=(), by_customer=False)
    return ticket


def begin_ticket(order: Order, question: Question) -> Ticket:
    """The row of a question that waits for us, without its first message. The caller holds the order's lock."""
    ticket = Ticket.objects.create(
        number=spread_number(PREFIX),
        key=question.key,
        order=order,
        return_request=_return_of(order, question.return_number),
        category=question.category,
        subject=question.subject.strip()[:160],
        due_at=_due(order),
    )
    write_event(order, "ticket.opened", to_customer=True, ticket=ticket.number)
    return ticket


def write_to_ticket(
    *, ticket_number: str, key: str, body: str, files: Sequence[Kept] = (), by_customer: bool
) -> TicketMessage:
    """Add a message. A customer's opens the question again and sets when it is due; an operator's answers it.

    The same `key` is said once. Raises `NothingSaid`.
    """
    if not body.strip():
        raise NothingSaid
    with transaction.atomic():
        ticket = lock_ticket(ticket_number)
        found = TicketMessage.objects.filter(ticket=ticket, key=key).first()
        if found is not None:
            return found
        wanted = TicketState.OPEN if by_customer else TicketState.ANSWERED
        if ticket.state != wanted:
            ticket.become(state=wanted)
        if by_customer:
            ticket.due_at = ticket.due_at or _due(ticket.order)
        else:
            ticket.due_at = None
            audit.record("orders.answer_ticket", ticket)
        ticket.save(update_fields=["due_at", "updated"])
        return _say(ticket, key=key, body=body, files=files, by_customer=by_customer)


def note_on_ticket(*, ticket_number: str, key: str, body: str, files: Sequence[Kept] = ()) -> TicketMessage:
    """A note that only operators read; it moves and announces nothing. Raises `NothingSaid`."""
    if not body.strip():
        raise NothingSaid
    with transaction.atomic():
        ticket = lock_ticket(ticket_number)
        found = TicketMessage.objects.filter(ticket=ticket, key=key).first()
        if found is not None:
            return found
        message = _message(ticket, key=key, body=body, by_customer=False, is_internal=True)
        attach(ticket.order, files, to=message)
        audit.record("orders.note_on_ticket", ticket)
    return message


def assign_ticket(*, ticket_number: str, user_id: int | None) -> Ticket:
    """Say who takes care of it; nobody with none."""
    with transaction.atomic():
        ticket = lock_ticket(ticket_number)
        if ticket.assignee_id == user_id:
            return ticket
        ticket.assignee_id = user_id
        ticket.save(update_fields=["assignee", "updated"])
        audit.record("orders.assign_ticket", ticket, data={"assignee": user_id})
    return ticket


def solve_ticket(*, ticket_number: str) -> Ticket:
    """Nothing is left to say. Again: nothing more. It opens anew when its customer writes."""
    with transaction.atomic():
        ticket = lock_ticket(ticket_number)
        if ticket.state == TicketState.SOLVED:
            return ticket
        ticket.become(state=TicketState.SOLVED)
        ticket.due_at = None
        ticket.save(update_fields=["due_at", "updated"])
        write_event(ticket.order, "ticket.solved", to_customer=True, ticket=ticket.number)
        audit.record("orders.solve_ticket", ticket)
    return ticket


def lock_ticket(ticket_number: str) -> Ticket:
    """The question under its order's lock. Raises `ReturnUnknown`."""
    number = Ticket.objects.filter(number=ticket_number).values_list("order__number", flat=True).first()
    if number is None:
        raise ReturnUnknown
    order = lock_order(number)
    ticket = Ticket.objects.get(number=ticket_number)
    ticket.order = order
    return ticket


def _say(ticket: Ticket, *, key: str, body: str, files: Sequence[Kept], by_customer: bool) -> TicketMessage:
    message = _message(ticket, key=key, body=body, by_customer=by_customer)
    attach(ticket.order, files, to=message)
    publish(TicketWritten(ticket=ticket.number, message_id=message.pk, by_customer=by_customer))
    return message


def _message(ticket: Ticket, *, key: str, body: str, by_customer: bool, is_internal: bool = False) -> TicketMessage:
    return TicketMessage.objects.create(
        ticket=ticket,
        key=key,
        by_customer=by_customer,
        is_internal=is_internal,
        actor="" if by_customer else audit.current_actor().label[:150],
        body=body.strip()[:LONGEST],
    )


def _due(order: Order) -> datetime:
    return timezone.now() + timedelta(hours=policy_row(order.market).answer_within_hours)


def _return_of(order: Order, number: str) -> ReturnRequest | None:
    if not number:
        return None
    found = ReturnRequest.objects.filter(order=order, number=number).first()
    if found is None:
        raise ReturnUnknown
    return found
