"""A dispute stops every order that lives of the disputed payment, until the day the bank takes no more evidence."""

from datetime import UTC, datetime

import pytest

from orders.models import OrderHold
from payments.models import Payment
from tests.admin.worlds import an_order
from tests.factories.payments import fact, settled
from tests.orders.changes.test_splitting import split

pytestmark = pytest.mark.django_db
DUE = datetime(2027, 1, 7, 12, tzinfo=UTC)


def dispute(payment: Payment, name: str) -> None:
    settled(payment, fact(payment, "disputed", fact_ref=name, detail={"dispute_due": DUE.isoformat()}))


def test_after_a_split_both_orders_are_held_until_the_evidence_is_due() -> None:
    order = an_order(3)
    child = split(order, (order.lines.earliest("position").pk, 1))
    dispute(Payment.objects.get(order_ref=order.number), "dp_1")
    holds = OrderHold.objects.filter(key__startswith="dispute:")
    assert {hold.order_id for hold in holds} == {order.pk, child.pk}
    assert {hold.due_at for hold in holds} == {DUE}
