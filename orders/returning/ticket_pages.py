"""The customer's pages of questions about an order, built from rows."""

from collections.abc import Mapping
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from markets.types import MarketContext
from orders.models import Order, OrderAttachment, Ticket, TicketCategory, TicketMessage
from orders.returning.links import file_link
from orders.returning.mine import TICKET_TONES
from orders.returning.pages import order_url
from orders.returning.types import AskPage, Said, TalkPage, TicketRow


def ask_page(
    order: Order,
    *,
    token: str,
    market: MarketContext,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
) -> AskPage:
    """The form for a new question, below the ones there are."""
    title = _("Questions about your order")
    return AskPage(
        title=_("Error: %(title)s") % {"title": title} if errors else title,
        number=order.number,
        key=typed.get("key", "") or str(uuid4()),
        categories=tuple((value, str(label)) for value, label in TicketCategory.choices),
        typed=typed,
        errors=errors,
        tickets=tuple(
            TicketRow(
                number=one.number,
                subject=one.subject,
                state=one.get_state_display(),
                tone=TICKET_TONES[one.state],  # type: ignore[index]  # a state of tickets is a string
                at=one.updated,
                url=order_url(order, token, market, "orders:question", ticket_number=one.number),
            )
            for one in order.tickets.order_by("-pk")
        ),
        action_url=order_url(order, token, market, "orders:questions"),
        order_url=order_url(order, token, market),
    )


def talk_page(
    ticket: Ticket,
    *,
    token: str,
    market: MarketContext,
    typed: Mapping[str, str],
    errors: tuple[tuple[str, str], ...] = (),
) -> TalkPage:
    """One conversation without what operators noted for themselves. Two queries besides the order's."""
    order = ticket.order
    heard = ticket.messages.filter(is_internal=False).prefetch_related("attachments")
    return TalkPage(
        title=_("Error: %(title)s") % {"title": ticket.subject} if errors else ticket.subject,
        number=ticket.number,
        order=order.number,
        subject=ticket.subject,
        state=ticket.get_state_display(),
        tone=TICKET_TONES[ticket.state],  # type: ignore[index]  # a state of tickets is a string
        messages=tuple(_said(one, order, token, market) for one in heard),
        key=typed.get("key", "") or str(uuid4()),
        body=typed.get("body", ""),
        is_solved=ticket.state == "solved",
        errors=errors,
        action_url=order_url(order, token, market, "orders:question", ticket_number=ticket.number),
        order_url=order_url(order, token, market),
    )


def _said(message: TicketMessage, order: Order, token: str, market: MarketContext) -> Said:
    files: list[OrderAttachment] = list(message.attachments.all())
    return Said(
        by_customer=message.by_customer,
        who=pgettext("who wrote a message", "You") if message.by_customer else pgettext("who wrote a message", "We"),
        body=message.body,
        at=message.created,
        files=tuple(file_link(one, order, token, market) for one in files),
    )
