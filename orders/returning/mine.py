"""A member's returns and questions in one place, and the orders something can still be sent back from."""

from django.db.models import F, Q

from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.models import Order, ReturnRequest, Ticket, TicketState
from orders.returning import words
from orders.returning.types import MinePage, OwnReturn

MOST = 50
TICKET_TONES = {TicketState.OPEN: "warn", TicketState.ANSWERED: "ok", TicketState.SOLVED: "plain"}


def mine_page(*, user_id: int, market: MarketContext) -> MinePage:
    """Newest first. Three queries."""
    returns = ReturnRequest.objects.filter(order__user_id=user_id).select_related("order").order_by("-pk")[:MOST]
    tickets = Ticket.objects.filter(order__user_id=user_id).select_related("order").order_by("-pk")[:MOST]
    left = Q(lines__qty_shipped__gt=F("lines__qty_returned"), lines__requires_shipping=True)
    orders = Order.objects.filter(left, user_id=user_id).distinct().order_by("-placed_at")[:MOST]

    def url(number: str, place: str, which: str = "") -> str:
        at = {"number": number, "place": place, **({"which": which} if which else {})}
        name = "orders:open_one" if which else "orders:open_place"
        return storefront_url(name, market=market.code, language=market.language, kwargs=at)

    return MinePage(
        returns=tuple(
            OwnReturn(
                number=one.number,
                order=one.order.number,
                title=words.headline(one.state),
                state=words.state_words(one),
                tone=words.TONES[one.state],
                at=one.created,
                url=url(one.order.number, "returns", one.number),
            )
            for one in returns
        ),
        questions=tuple(
            OwnReturn(
                number=one.number,
                order=one.order.number,
                title=one.subject,
                state=one.get_state_display(),
                tone=TICKET_TONES[TicketState(one.state)],
                at=one.created,
                url=url(one.order.number, "questions", one.number),
            )
            for one in tickets
        ),
        orders=tuple(
            OwnReturn(
                number=one.number,
                order=one.number,
                title="",
                state="",
                tone="plain",
                at=one.placed_at,
                url=url(one.number, "returns"),
            )
            for one in orders
        ),
    )
