"""What happens to an order of the demo shop after it was placed: each deed is the shop's own action."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user_model

from content.demo.seeding.purchases import Purchase, pay
from core.outbox import drain
from orders.actions import (
    cancel_order,
    deliver_fulfillment,
    expire_unpaid_orders,
    open_hold,
    refund_order,
    ship_fulfillment,
)
from orders.actions.returns import ReturnAsked, ReturnItem, approve_return, ask_return
from orders.actions.returns_receiving import receive_units
from orders.actions.tags import make_tag, tag_order
from orders.actions.tickets import Question, open_ticket
from orders.bulk.deeds import TO_SEND, pack
from orders.models import Fulfillment, HoldKind, OrderLine, ParcelState, ReturnRequest, TagTone, TicketCategory
from orders.types import RefundWish
from payments.actions import submit_due_refunds

Deed = Callable[[Purchase, str], None]
"""Of a purchase and the number of its order."""
CARRIER = "DHL"


def paid(purchase: Purchase, number: str) -> None:
    """The card is charged."""
    pay(purchase, number)


def declined(purchase: Purchase, number: str) -> None:
    """The bank says no; the order waits for another try."""
    pay(purchase, number, choice="decline")


def expired(_purchase: Purchase, _number: str) -> None:
    """Nobody paid in time."""
    expire_unpaid_orders()


def packed(_purchase: Purchase, number: str) -> None:
    """Everything is in its parcels."""
    pack(number, {})


def sent(_purchase: Purchase, number: str) -> None:
    """Every parcel is with its carrier."""
    for parcel in Fulfillment.objects.filter(order__number=number, state__in=TO_SEND).order_by("position"):
        ship_fulfillment(
            fulfillment_id=parcel.pk, carrier=parcel.carrier or CARRIER, tracking_no=f"{number}-{parcel.position}"
        )


def delivered(_purchase: Purchase, number: str) -> None:
    """Every parcel has arrived."""
    for parcel in Fulfillment.objects.filter(order__number=number, state=ParcelState.HANDED_OVER):
        deliver_fulfillment(fulfillment_id=parcel.pk)


def canceled(_purchase: Purchase, number: str) -> None:
    """The customer changed their mind in time; what was paid goes back."""
    cancel_order(number=number, reason="The customer changed their mind.")
    _pay_back()


def one_refunded(_purchase: Purchase, number: str) -> None:
    """One piece arrived damaged and is paid back."""
    line = _lines(number)[0]
    wish = RefundWish(line_id=line.pk, quantity=1)
    refund_order(number=number, lines=[wish], shipping=False, reason="One piece arrived damaged.", key=f"demo:{number}")
    _pay_back()


def all_refunded(_purchase: Purchase, number: str) -> None:
    """The parcel was damaged on its way: everything is paid back."""
    wishes = [RefundWish(line_id=line.pk, quantity=line.quantity) for line in _lines(number)]
    refund_order(
        number=number, lines=wishes, shipping=True, reason="The parcel was damaged on its way.", key=f"demo:{number}"
    )
    _pay_back()


def return_asked(_purchase: Purchase, number: str) -> None:
    """The customer wants to send a piece back."""
    item = ReturnItem(line_id=_lines(number)[0].pk, quantity=1)
    ask_return(number=number, asked=ReturnAsked(key=f"demo:{number}", items=(item,), reason="not_liked"))


def return_arrived(_purchase: Purchase, number: str) -> None:
    """What was sent back is in the warehouse and waits to be looked at."""
    request = ReturnRequest.objects.get(order__number=number)
    approve_return(return_number=request.number)
    receive_units(return_number=request.number, counts={line.pk: line.quantity for line in request.lines.all()})


def address_doubted(_purchase: Purchase, number: str) -> None:
    """Somebody takes care of an address that cannot be right."""
    owner = get_user_model().objects.filter(email=settings.DEMO_OPERATOR_EMAIL).first()
    reason = "Street and postcode do not belong together."
    open_hold(number=number, kind=HoldKind.ADDRESS, reason=reason, owner_id=owner.pk if owner else None)


def fraud_doubted(_purchase: Purchase, number: str) -> None:
    """Nobody takes care of it yet."""
    open_hold(number=number, kind=HoldKind.FRAUD, reason="Delivery and card are from different countries.")


def customs_doubted(_purchase: Purchase, number: str) -> None:
    """Waits for the goods code."""
    open_hold(number=number, kind=HoldKind.CUSTOMS, reason="Customs asks what the lid is made of.")


def asked_about(_purchase: Purchase, number: str) -> None:
    """The customer writes."""
    question = Question(
        key=f"demo:{number}",
        category=TicketCategory.DELIVERY,
        subject="Where is my parcel?",
        body="The tracking page has not moved for two days. Is the parcel still on its way?",
    )
    open_ticket(number=number, question=question)


def a_gift(_purchase: Purchase, number: str) -> None:
    """A word for the packers."""
    tag_order(number=number, tag_id=make_tag(name="Gift wrap", tone=TagTone.BRAND).pk)


def in_a_hurry(_purchase: Purchase, number: str) -> None:
    """Another one."""
    tag_order(number=number, tag_id=make_tag(name="Urgent", tone=TagTone.WARN).pk)


def _lines(number: str) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order__number=number).order_by("position"))


def _pay_back() -> None:
    """What workers do with promised refunds."""
    drain(limit=1000)
    submit_due_refunds()
