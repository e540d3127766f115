"""The order's page shows the way with what was heard, and the day the carrier names."""

from datetime import UTC, datetime, timedelta

import pytest

from orders.actions.tracking import record_reports
from orders.models import Order
from orders.queries import order_page
from orders.types import ParcelView
from tests.orders.logistics.worlds import said, shipped

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


def shown(order: Order) -> ParcelView:
    (parcel,) = order_page(Order.objects.get(pk=order.pk), secret="s").parcels
    return parcel


def test_before_anything_is_heard_the_plain_way_is_shown() -> None:
    order, _package = shipped()
    assert [stop.state for stop in shown(order).stops] == ["done", "here", "next", "next"]


def test_what_was_heard_stands_where_the_parcel_is() -> None:
    order, package = shipped()
    events = [
        said("picked_up", BEGAN, place="Leipzig"),
        said("customs_in_progress", BEGAN + timedelta(days=1), place="Zürich"),
    ]
    record_reports(package_id=package.pk, events=events)
    found = shown(order)
    (here,) = [stop for stop in found.stops if stop.state == "here"]
    assert len(found.stops) == 5, "a border was crossed, whatever was planned"
    assert "Zürich" in here.text
    assert found.at == 50
    assert "Zürich" in {one.detail for one in found.log}


def test_the_carriers_day_takes_the_place_of_the_promise_when_it_was_told() -> None:
    order, package = shipped()
    promised = package.fulfillment.eta_to
    assert promised is not None
    assert shown(order).arrives_to == promised
    record_reports(package_id=package.pk, events=[], eta=promised + timedelta(days=2))
    assert (shown(order).arrives_from, shown(order).arrives_to) == (promised + timedelta(days=2),) * 2
