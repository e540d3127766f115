"""Words inside a column are found whatever their case, taken as they are, and by the column's trigram index."""

import pytest
from django.db import connection

from orders.models import PastOrder
from orders.past.queries import found_past_orders
from orders.workspace.listing import orders_of_address
from tests.admin.worlds import an_order

pytestmark = pytest.mark.django_db


def plan(rows) -> str:
    """How the database would find them if reading everything were dear: whole tables, and whole indexes in order.

    What is left are bitmaps, which need a condition that their index can answer, however few rows there are.
    """
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.order_by().explain()


def test_the_list_of_orders_is_searched_by_index() -> None:
    order = an_order(1)
    type(order).objects.filter(pk=order.pk).update(email="Buyer_100%@example.com")

    def found(words: str) -> bool:
        return orders_of_address({"q": words}, user_id=None).filter(pk=order.pk).exists()

    assert all(found(words) for words in (order.number.lower(), order.number[-4:], "buyer_100%", "EXAMPLE"))
    assert not any(found(words) for words in ("buyerx100", "Buyer_1000", "%%%", "nobody"))
    told = plan(orders_of_address({"q": "buyer"}, user_id=None))
    assert "orders_order_email_like" in told
    assert "orders_order_number_like" in told
    assert "orders_past_email_like" in plan(found_past_orders("buyer"))
    assert not PastOrder.objects.filter(number__holds="1").exists()


def test_payment_problems_are_found_without_reading_every_order() -> None:
    an_order(1)

    assert "orders_order_by_payment" in plan(orders_of_address({"view": "payment_problems"}, user_id=None))
