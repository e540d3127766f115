"""What follows when a return moves or somebody writes. Wired in `config/reactions.py`."""

from orders.events import ReturnMoved, TicketWritten
from orders.returning import notifications


def tell_return(event: ReturnMoved) -> None:
    """After: the customer reads where the return stands and what to do."""
    notifications.tell_return(number=event.number, return_number=event.return_number, state=event.state)


def tell_ticket(event: TicketWritten) -> None:
    """After: our answer, or that we have the question."""
    notifications.tell_ticket(ticket=event.ticket, message_id=event.message_id, by_customer=event.by_customer)
