"""Parcels of other people's warehouses: sent over when they may leave, called back when they may not."""

from core.errors import DomainError
from inventory.actions.pushing import connection_of, push_parcel, recall_parcel
from inventory.carriers.threepl.messages import REASONS
from orders.actions.parcel_exceptions import open_exception
from orders.actions.shipping import refuse_to_leave, ship_fulfillment
from orders.logistics.shipments import wanted_elsewhere
from orders.models import INSIDE, ExceptionKind, Fulfillment, Order


def hand_to_warehouses(*, number: str) -> int:
    """Send over every parcel of an order that another warehouse packs and that may leave; returns how many were news.

    What stops one now (a hold, a release day, a missing customs fact) is somebody's work already; it is sent over
    when that ends.
    """
    sent = 0
    for parcel in Fulfillment.objects.filter(order__number=number, state__in=INSIDE).select_related("order"):
        account = connection_of(parcel.warehouse_code)
        if account is None:
            continue
        try:
            refuse_to_leave(fulfillment_id=parcel.pk)
            content = wanted_elsewhere(parcel)
        except DomainError:
            continue
        _row, is_news = push_parcel(account=account, parcel_ref=str(parcel.pk), order_ref=number, content=content)
        sent += is_news
    return sent


def call_back(*, number: str) -> int:
    """Call back what is not to leave any more: of a canceled order all, else parcels that were canceled."""
    rows = Fulfillment.objects.filter(order__number=number)
    is_open = Order.objects.filter(number=number, lifecycle="confirmed").exists()
    wanted = rows.filter(state="canceled") if is_open else rows
    return sum(1 for pk in wanted.values_list("pk", flat=True) if recall_parcel(parcel_ref=str(pk)) is not None)


def left_elsewhere(*, parcel_ref: str, carrier: str, tracking_no: str, tracking_url: str) -> None:
    """Another warehouse says that a parcel has left. What stops it here is too late there: it is somebody's work."""
    parcel = Fulfillment.objects.filter(pk=int(parcel_ref)).first() if parcel_ref.isdigit() else None
    if parcel is None or parcel.has_left:
        return
    try:
        ship_fulfillment(fulfillment_id=parcel.pk, carrier=carrier, tracking_no=tracking_no, tracking_url=tracking_url)
    except DomainError as refusal:
        open_exception(fulfillment_id=parcel.pk, kind=ExceptionKind.WAREHOUSE, said=f"{tracking_no}: {refusal}")


def refused_elsewhere(*, parcel_ref: str, reason: str, said: str) -> None:
    """Another warehouse cannot send a parcel."""
    if parcel_ref.isdigit() and Fulfillment.objects.filter(pk=int(parcel_ref)).exists():
        why = reason if reason in REASONS else "other"
        open_exception(fulfillment_id=int(parcel_ref), kind=ExceptionKind.WAREHOUSE, said=f"{why}: {said}")
