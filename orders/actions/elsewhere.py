"""Parcels of other people's warehouses: sent over when they may leave, called back when they may not."""

from django.db import transaction

from core.errors import DomainError
from inventory.actions.pushing import connection_of, push_parcel, recall_parcel
from inventory.carriers.threepl.messages import REASONS
from orders.actions.parcel_exceptions import open_exception, open_exception_on
from orders.actions.shipping import lock_parcel, ship_locked, what_stops
from orders.actions.trail import lock_order
from orders.customs_gate import CustomsFactsMissing, keep_work_item
from orders.logistics.shipments import wanted_elsewhere
from orders.models import INSIDE, ExceptionKind, Fulfillment, Order


def hand_to_warehouses(*, number: str) -> int:
    """Send over every parcel of an order that another warehouse packs and that may leave; returns how many were news.

    What stops one now (a hold, a release day, a missing customs fact) is somebody's work already; it is sent over
    when that ends.
    """
    inside = Fulfillment.objects.filter(order__number=number, state__in=INSIDE)
    codes = set(inside.values_list("warehouse_code", flat=True))
    accounts = {code: account for code in codes if (account := connection_of(code))}
    if not accounts:
        return 0
    sent = 0
    with transaction.atomic():
        order = lock_order(number)
        for parcel in list(inside.filter(warehouse_code__in=list(accounts)).lock()):
            parcel.order = order
            if what_stops(order, parcel) is not None:
                continue
            try:
                content = wanted_elsewhere(parcel)
            except DomainError:
                continue
            account = accounts[parcel.warehouse_code]
            sent += push_parcel(account=account, parcel_ref=str(parcel.pk), order_ref=number, content=content)[1]
    return sent


def call_back(*, number: str) -> int:
    """Call back what is not to leave any more: of a canceled order all, else parcels that were canceled."""
    rows = Fulfillment.objects.filter(order__number=number)
    is_open = Order.objects.filter(number=number, lifecycle="confirmed").exists()
    wanted = rows.filter(state="canceled") if is_open else rows
    return sum(1 for pk in wanted.values_list("pk", flat=True) if recall_parcel(parcel_ref=str(pk)) is not None)


def left_elsewhere(*, parcel_ref: str, carrier: str, tracking_no: str, tracking_url: str) -> None:
    """Another warehouse says that a parcel has left. What stops it here is too late there: it is somebody's work."""
    if not parcel_ref.isdigit() or not Fulfillment.objects.filter(pk=int(parcel_ref)).exists():
        return
    with transaction.atomic():
        order, parcel = lock_parcel(int(parcel_ref))
        if parcel.has_left:
            return
        try:
            if lacking := keep_work_item(order, parcel):
                raise CustomsFactsMissing(lacking)
            with transaction.atomic():
                ship_locked(order, parcel, carrier=carrier, tracking_no=tracking_no, tracking_url=tracking_url)
        except DomainError as refusal:
            open_exception_on(order, parcel, kind=ExceptionKind.WAREHOUSE, said=f"{tracking_no}: {refusal}")


def refused_elsewhere(*, parcel_ref: str, reason: str, said: str) -> None:
    """Another warehouse cannot send a parcel."""
    if parcel_ref.isdigit() and Fulfillment.objects.filter(pk=int(parcel_ref)).exists():
        why = reason if reason in REASONS else "other"
        open_exception(fulfillment_id=int(parcel_ref), kind=ExceptionKind.WAREHOUSE, said=f"{why}: {said}")
