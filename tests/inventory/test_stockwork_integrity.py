"""The checks of stock work find what they are for: each planted fault is named, and a sound world has none."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from inventory.actions import book_delivery
from inventory.models import StockTakeLine
from inventory.stockwork.batch_deeds import keep_batches
from inventory.stockwork.takes import begin_counting, count_shelves, end_counting, plan_take
from inventory.stockwork.takes_booking import book_take
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from inventory.stockwork.transfers_in import receive_transfer
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import broken, two_places
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db
FAULTS = {
    "S20": "UPDATE inventory_batch SET quantity = quantity + 1",
    "S21": "INSERT INTO inventory_batchmovement (batch_id, quantity, created) SELECT id, 1, now() FROM inventory_batch",
    "S22": "UPDATE inventory_stockitem SET blocked = blocked + 1",
    "S23": "UPDATE inventory_batch SET expires_on = current_date - 9 WHERE code <> ''",
    "S24": "UPDATE inventory_transferline SET shipped = shipped - 1",
    "S25": "UPDATE inventory_transferline SET received = received - 1",
    "S26": "UPDATE inventory_transfer SET state = 'received'",
    "S31": "UPDATE inventory_stocktakeline SET counted = counted + 1, difference = difference + 1",
}


@pytest.fixture
def world() -> None:
    """A shelf with a batch, a transfer of which a part has arrived, a booked stock take."""
    places = two_places()
    tea = stocked(a_variant(), 4, warehouse=places.leipzig)
    keep_batches(variant_id=tea.variant_id)
    later = timezone.now().date() + timedelta(days=200)
    book_delivery(stock_item_id=tea.pk, quantity=3, reason="", op_key="tea", batch="A1", expires_on=later)
    cup = stocked(a_variant(), 10, warehouse=places.leipzig)
    transfer = draft_transfer(from_code="LEJ", to_code="NGT", lines={cup.variant_id: 6})
    set_aside(number=transfer.number)
    ship_transfer(number=transfer.number, at=timezone.now())
    receive_transfer(number=transfer.number, counts={transfer.lines.get().pk: 4}, at=timezone.now(), op_key="van")
    take = plan_take(warehouse_code="NGT")
    begin_counting(number=take.number)
    count_shelves(number=take.number, counts={StockTakeLine.objects.get().pk: 3})
    end_counting(number=take.number)
    book_take(number=take.number)


@pytest.mark.usefixtures("world")
def test_a_sound_world_has_no_findings() -> None:
    assert broken() == {}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_planted_fault_is_found(code: str) -> None:
    with behind_the_databases_back(), connection.cursor() as cursor:
        cursor.execute(FAULTS[code])
    assert code in broken()
