"""Parcels on their way."""

from datetime import datetime, timedelta

from inventory.carriers.types import Tracked as Reported
from orders.actions import ship_fulfillment
from orders.actions.tracking import record_reports
from orders.models import Order, Package
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of


def shipped(tracking_no: str = "T-1") -> tuple[Order, Package]:
    """An order whose only parcel has left."""
    market = open_shop()
    order = paid_order(market, (item_in(market), 2))
    parcel = ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no=tracking_no)
    return order, parcel.packages.get()


def said(code: str, at: datetime, *, carrier_code: str = "", text: str = "", place: str = "") -> Reported:
    """One event."""
    return Reported(code=code, carrier_code=carrier_code or code.upper(), at=at, text=text, place=place)


def tell(package: Package, *codes: str, since: datetime, every: timedelta = timedelta(hours=6)) -> Package:
    """A carrier says these things one after the other."""
    events = [said(code, since + every * index) for index, code in enumerate(codes)]
    record_reports(package_id=package.pk, events=events)
    package.refresh_from_db()
    return package
