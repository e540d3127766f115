"""The checks find planted faults, each its own."""

import pytest
from django.db import DatabaseError, connection, transaction

from orders.models import Order
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.shared_world import kept
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db
FAULTS = {
    "O03": "UPDATE orders_orderline SET unit_list = 19, unit_final = 19, line_list = 38, line_total = 38,"
    " line_net = 38 - line_tax",
    "O06": "INSERT INTO orders_orderevent"
    " (order_id, kind, visibility, from_state, to_state, actor, note, data, created)"
    " SELECT id, 'x', 'internal', 'canceled', 'confirmed', '', '', '{}', now() FROM orders_order",
    "O07": "UPDATE orders_order SET lifecycle = 'completed'",
    "O08": "UPDATE orders_order SET quote_hash = 'other'",
    "O10": "UPDATE orders_order SET tax_total = tax_total + 1",
    "O11": "UPDATE orders_orderreceipt SET received = received + 1",
    "O12": "DELETE FROM orders_orderreceipt",
    "O13": "UPDATE cart_cart SET state = 'open'",
    "O31": "UPDATE orders_order SET merchant_ref = 'nobody'",
    "P01": "UPDATE orders_orderreceipt SET received = received - 1",
    "P06": "UPDATE orders_orderreceipt SET received = received + 1",
    "S05": "UPDATE inventory_allocation SET quantity = quantity - 1",
    "S06": "UPDATE orders_orderline SET qty_shipped = 1",
    "S09": "UPDATE orders_order SET lifecycle = 'canceled'",
}


@kept
def a_sound_order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market), 2))


def test_a_sound_shop_has_no_findings() -> None:
    a_sound_order()

    assert broken_checks("Q02") == set()


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_planted_fault_is_found(code: str) -> None:
    a_sound_order()
    with connection.cursor() as cursor:
        cursor.execute(FAULTS[code])

    assert code in broken_checks("Q02")


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE orders_order SET total = total + 1",
        "UPDATE orders_order SET discount_total = items_total + 1, total = shipping_total - 1",
        "UPDATE orders_orderline SET line_total = line_total - 1",
        "UPDATE orders_orderline SET qty_shipped = quantity + 1",
        "UPDATE orders_orderline SET qty_refunded = quantity + 1",
        "UPDATE orders_orderreceipt SET refunded = received + 1",
        "UPDATE orders_order SET total = total + 0.001, items_total = items_total + 0.001",
        "UPDATE orders_order SET lifecycle = 'nowhere'",
        "DELETE FROM orders_orderevent",
        "UPDATE orders_ordertaxline SET amount = 0",
    ],
)
def test_what_the_database_itself_refuses(fault: str) -> None:
    a_sound_order()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(fault)
