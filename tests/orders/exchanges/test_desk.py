"""Exchanges on the operators' desk: what is shown is what happens, by those who may."""

import pytest

from markets.types import MarketContext
from orders.models import Exchange, Order, OrderLink, ReturnRequest
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.orders.exchanges.world import came_back, promise, shown_for, two_sizes, wants
from tests.orders.returns.world import delivered_order

pytestmark = pytest.mark.django_db
SEES = ("orders.view_order", "orders.view_returnrequest")


@pytest.fixture
def market() -> MarketContext:
    return open_shop()


@pytest.fixture
def request_back(market: MarketContext) -> ReturnRequest:
    promise(market)
    small, large = two_sizes(market, "20.00", "25.00")
    return came_back(wants(delivered_order(market, (small, 1)), large))


def form_of(request: ReturnRequest, step: str, **more: object) -> dict[str, object]:
    line = request.lines.get().order_line_id
    return {"key": "k-1", f"line_{line}": 1, "reason": "Other size", "to": "methods", "step": step, **more}


def test_the_preview_shows_both_amounts_and_the_confirmation_does_them(request_back: ReturnRequest) -> None:
    person = operator(*SEES, "orders.refund_order", "orders.decide_return")
    address = f"/admin/returns/{request_back.number}/exchange/"
    page = text(person.post(address, form_of(request_back, "preview")))
    assert "The customer still pays" in page
    assert not OrderLink.objects.exists()

    shown = shown_for(request_back)
    done = person.post(address, form_of(request_back, "confirm", worth=shown.worth.amount, total=shown.total.amount))
    assert done.status_code == 302
    assert OrderLink.objects.get().kind == "exchange_of"
    request_back.refresh_from_db()
    assert request_back.state == "closed"


def test_nobody_without_the_permission_settles_or_begins_an_exchange(request_back: ReturnRequest) -> None:
    person = operator(*SEES)
    for address in (
        f"/admin/returns/{request_back.number}/exchange/",
        f"/admin/returns/{request_back.number}/give-up/",
        f"/admin/orders/{request_back.order.number}/exchange/",
    ):
        assert person.post(address, form_of(request_back, "confirm")).status_code == 403
    assert not OrderLink.objects.exists()


def test_an_operator_begins_an_exchange_from_the_order(market: MarketContext) -> None:
    small, _large = two_sizes(market, "20.00", "25.00")
    order: Order = delivered_order(market, (small, 1))
    other = item_in(market, price="12.00")
    line = order.lines.get().pk
    person = operator(*SEES, "orders.decide_return")
    address = f"/admin/orders/{order.number}/exchange/"
    assert person.get(address).status_code == 200
    refused = person.post(address, {"key": "k", f"line_{line}": 1, f"wanted_{line}": "NO-SUCH", "note": "Advice"})
    assert refused.status_code == 422
    done = person.post(address, {"key": "k", f"line_{line}": 1, f"wanted_{line}": other.sku, "note": "Advice"})
    assert done.status_code == 302
    assert Exchange.objects.get().wants[0]["variant"] == other.pk
