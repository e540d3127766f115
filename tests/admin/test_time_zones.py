"""Operators read moments in their own time zone, else in the shop's, and the zone is named."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.operator_time import operator_zone
from core.admin import Operation, OperationView
from markets.cache import forget
from markets.models import Market
from members.models import User
from orders.models import Order
from tests.admin.people import owner, signed_in, text
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    Order.objects.update(placed_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    return order


def in_zone(name: str) -> User:
    return User.objects.create_superuser(f"{name or 'nobody'}@example.com".replace("/", "-"), "pw", time_zone=name)


def test_the_shops_zone_is_that_of_its_first_market_unless_a_setting_names_another(order: Order, settings: Any) -> None:
    Market.objects.update(timezone="Europe/Berlin")
    forget()
    assert str(operator_zone(in_zone(""))) == "Europe/Berlin"
    settings.ADMIN_TIME_ZONE = "Asia/Tokyo"
    assert str(operator_zone(in_zone("No/Such"))) == "Asia/Tokyo"
    assert str(operator_zone(in_zone("America/New_York"))) == "America/New_York"


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Tokyo", "07:30"), ("America/New_York", "18:30")])
def test_an_order_shows_its_moment_in_the_operators_zone_and_names_it(order: Order, zone: str, hour: str) -> None:
    browser = signed_in(in_zone(zone))
    page = text(browser.get(f"/admin/orders/{order.number}/"))
    assert f"Times are in {zone}." in page
    assert hour in page


def test_the_tables_of_django_follow_too(order: Order) -> None:
    page = text(signed_in(in_zone("Asia/Tokyo")).get(f"/admin/orders/order/{order.pk}/change/"))
    assert "7:30" in page
    assert "Times are in Asia/Tokyo." in page


@pytest.mark.parametrize(("name", "status"), [("Asia/Tokyo", 302), ("Mars/Olympus", 200), ("../etc/passwd", 200)])
def test_an_account_takes_a_zone_that_exists(order: Order, name: str, status: int) -> None:
    user = in_zone("")
    page = f"/admin/members/user/{user.pk}/change/"
    typed = {"email": user.email, "full_name": "", "language": "", "market_code": "", "time_zone": name}
    inline = {f"addresses-{part}_FORMS": "0" for part in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    answer = owner().post(page, {**typed, **inline, "is_active": "on", "is_staff": "on", "is_superuser": "on"})
    assert answer.status_code == status
    user.refresh_from_db()
    assert user.time_zone == (name if status == 302 else "")


def test_an_operation_without_its_methods_is_told_when_the_addresses_are_read() -> None:
    class Unfinished(OperationView):
        operation = Operation("x", "orders.view_order", "", "", form=None, act=lambda _t, _d: None)

    class Finished(Unfinished):
        def target(self) -> Order:
            raise AssertionError

        def back(self, target: Any) -> str:
            return ""

    with pytest.raises(TypeError, match="Unfinished does not say: back, target"):
        Unfinished.as_view()
    Finished.as_view()


def test_the_storefront_keeps_its_own_time(order: Order) -> None:
    from django.utils import timezone

    from config.middleware import OperatorTime

    seen = []

    def answer(_request: Any) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/de/de/")
    request.user = in_zone("Asia/Tokyo")
    OperatorTime(answer)(request)
    assert seen == ["UTC"]
