"""Orders that were delivered, and the forms of their returns as a browser sends them."""

import re
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from catalog.models import Variant
from inventory.models import Warehouse
from markets.types import MarketContext
from orders.actions import deliver_fulfillment, grant_access, ship_fulfillment
from orders.actions.returns import ReturnAsked, ReturnItem, approve_return, ask_return
from orders.actions.returns_receiving import Verdict, inspect_unit, receive_units
from orders.models import Fulfillment, Order, ReturnRequest
from tests.factories.orders import paid_order
from tests.journeys.shopping import Answer, Shopper

ADDRESS = ["Lagerweg 1", "12345 Berlin"]
PLACE = {"street_address": "Lagerweg 1", "postal_code": "12345", "city": "Berlin"}
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"')


def delivered_order(market: MarketContext, *items: tuple[Variant, int], days_ago: int = 3) -> Order:
    """A paid order whose parcels have arrived."""
    Warehouse.objects.update(address=PLACE)
    order = paid_order(market, *items)
    for number, parcel in enumerate(order.fulfillments.order_by("position"), start=1):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no=f"{order.number}-{number}")
        deliver_fulfillment(fulfillment_id=parcel.pk)
    Fulfillment.objects.filter(order=order).update(delivered_at=timezone.now() - timedelta(days=days_ago))
    order.refresh_from_db()
    return order


def link_to(order: Order, rest: str = "") -> str:
    return f"orders/{order.number}/{grant_access(number=order.number)}/{rest}"


def check(shopper: Shopper, link: str, **typed: object) -> Answer:
    """The first screen, filled in and sent."""
    key = dict(HIDDEN.findall(shopper.get(link).text)).get("key", "")
    return shopper.post(link, **{"key": key, "step": "check", **typed})


def send(shopper: Shopper, link: str, *, reason: str = "not_liked", **typed: object) -> Answer:
    """Both screens: what the second one hides is sent back with what was typed."""
    units = {name: value for name, value in typed.items() if name.startswith("units_")}
    shown = check(shopper, link, reason=reason, **units)
    assert shown.status == 200, shown.text[:3000]
    return shopper.post(link, **{**dict(HIDDEN.findall(shown.text)), "step": "send", "resolution": "refund", **typed})


def asked(order: Order, *quantities: int, reason: str = "not_liked", key: str = "form-1") -> ReturnRequest:
    """A return of so many units of each line."""
    lines = order.lines.order_by("position")
    items = tuple(ReturnItem(line_id=line.pk, quantity=n) for line, n in zip(lines, quantities, strict=False))
    return ask_return(number=order.number, asked=ReturnAsked(key=key, items=items, reason=reason))


def arrived(order: Order, *quantities: int, reason: str = "not_liked", key: str = "form-1") -> ReturnRequest:
    """A return that was agreed to and is in the warehouse."""
    request = asked(order, *quantities, reason=reason, key=key)
    approve_return(return_number=request.number)
    receive_units(return_number=request.number, counts={line.pk: line.quantity for line in request.lines.all()})
    return request


def verdict(nth: int = 1, *, fate: str = "restock", condition: str = "as_new", note: str = "") -> Verdict:
    place = Warehouse.objects.earliest("pk").code
    return Verdict(nth=nth, condition=condition, fate=fate, warehouse_code=place, note=note)


def looked_at(order: Order, *quantities: int, reason: str = "not_liked", key: str = "form-1") -> ReturnRequest:
    """A return of which every unit went back into stock."""
    request = arrived(order, *quantities, reason=reason, key=key)
    for line in request.lines.all():
        for nth in range(1, line.quantity + 1):
            inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(nth))
    request.refresh_from_db()
    return request


def photo(name: str = "a.jpg", form: str = "JPEG") -> SimpleUploadedFile:
    """A small photograph with a place in its notes."""
    out = BytesIO()
    picture = Image.new("RGB", (40, 30), "teal")
    notes = picture.getexif()
    notes[0x010E] = "taken at home"
    picture.save(out, form, exif=notes)
    return SimpleUploadedFile(name, out.getvalue(), content_type=f"image/{form.lower()}")
