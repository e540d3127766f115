"""Whoever searches the list of orders finds those of other shops, too, marked and apart."""

import pytest
from django.utils import timezone

from core.models import Job
from core.money import Money
from orders.models import PastOrder
from orders.past.running import KIND
from tests.admin.people import operator
from tests.admin.worlds import an_order
from tests.journeys.desk import Sheet

pytestmark = pytest.mark.django_db
MAY_SEE = ("orders.view_order", "orders.view_pastorder")


@pytest.fixture
def imported() -> PastOrder:
    job = Job.objects.create(kind=KIND)
    return PastOrder.objects.create(
        platform="shopify", number="#1001", placed_at=timezone.now(), state="done", currency="EUR",
        email="buyer@example.com", total=Money("64.70", "EUR"), fingerprint="x", job=job,
    )  # fmt: skip


def test_one_search_finds_orders_of_both_kinds(imported: PastOrder) -> None:
    order = an_order(1)
    type(order).objects.filter(pk=order.pk).update(email="buyer@example.com")
    desk = operator(*MAY_SEE)

    both = Sheet(desk, desk.get("/admin/orders/", {"q": "buyer@"}))

    assert order.number in both.words
    assert "#1001 ImportedShopify" in both.words
    assert f"/admin/orders/elsewhere/{imported.pk}/" in both.text
    for words in ({}, {"q": "nobody"}):
        assert "Imported" not in Sheet(desk, desk.get("/admin/orders/", words)).words
    assert "#1001" not in Sheet(desk, operator(MAY_SEE[0]).get("/admin/orders/", {"q": "buyer@"})).words
