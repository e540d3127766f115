"""Mails about returns and questions, in the order's language, each once. Called from reactions only."""

from typing import Any

from django.conf import settings

from core.money import from_minor, to_minor
from markets.formatting import format_date, format_money
from markets.types import MarketContext
from orders.models import Order, ReturnRequest, Ticket, TicketMessage
from orders.notifications import tell_order
from orders.returning import words
from orders.returning.units import instructions_of, policy_row


def tell_return(*, number: str, return_number: str, state: str) -> None:
    """Where a return stands and what to do now. A step that was left behind meanwhile is told as it was."""

    def facts(order: Order, market: MarketContext) -> dict[str, Any]:
        request = ReturnRequest.objects.select_related("refund").get(number=return_number)
        request.state = state  # of the step that is told, not of what came after it
        sends = state in ("approved", "label_sent")
        return {
            "return_number": return_number,
            "headline": words.headline(state),
            "next": words.what_next(request),
            "answer": request.answer if state in ("approved", "rejected", "closed") else "",
            "goods": _goods(request),
            "return_to": request.return_to if sends else [],
            "send_by": format_date(request.send_by, market.language, market.home_country)
            if sends and request.send_by
            else "",
            "instructions": instructions_of(policy_row(order.market), order.language) if sends else "",
            "wanted": _wanted(request) if state == "closed" and request.refund and not _into_exchange(request) else [],
            "amount": _goes_back(request, market) if state == "closed" else "",
        }

    tell_order(number, "return_news", f"return:{return_number}:{state}", facts)


def tell_ticket(*, ticket: str, message_id: int, by_customer: bool) -> None:
    """What was said: our answer, or that we have the customer's words."""
    row = Ticket.objects.select_related("order").get(number=ticket)
    message = TicketMessage.objects.get(pk=message_id)

    def facts(order: Order, market: MarketContext) -> dict[str, Any]:
        return {
            "ticket": row.number,
            "subject": row.subject,
            "body": message.body,
            "by_customer": by_customer,
        }

    tell_order(row.order.number, "ticket_news", f"ticket:{message_id}", facts)


def _into_exchange(request: ReturnRequest) -> int:
    """What of its refund is in the order of what is sent instead, in minor units."""
    shares = request.refund.shares.filter(exchange__isnull=False) if request.refund else ()
    return sum(to_minor(share.amount) for share in shares)


def _goes_back(request: ReturnRequest, market: MarketContext) -> str:
    """The amount that is paid back or credited; empty for none."""
    if request.refund is None:
        return ""
    minor = to_minor(request.refund.amount) - _into_exchange(request)
    return format_money(from_minor(minor, request.order.currency), market) if minor else ""


def _wanted(request: ReturnRequest) -> list[tuple[str, str]]:
    """What the customer wanted instead and is paid back for: name and address, to order it."""
    rows = request.lines.select_related("order_line").filter(wanted__isnull=False).order_by("pk")
    return [
        (row.order_line.name, f"{settings.SHOP_URL}{row.order_line.product_url}")
        for row in rows
        if row.order_line.product_url
    ]


def _goods(request: ReturnRequest) -> list[str]:
    rows = request.lines.select_related("order_line", "part").order_by("pk")
    return [f"{row.quantity} × {row.part.name if row.part else row.order_line.name}" for row in rows]
