"""Orders to suppliers: drafted, sent, confirmed, received with differences, given up."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from catalog.models import Variant
from core import integrity
from core.models import Message
from core.money import Money
from core.transitions import IllegalTransition
from inventory.buying import errors
from inventory.buying.actions import purchases
from inventory.buying.actions.purchases import Wanted, draft_purchase, send_purchase, write_purchase
from inventory.buying.actions.receiving import Arrived, receive_purchase, settle_difference
from inventory.buying.notifications import paper_url
from inventory.buying.papers import amount_of
from inventory.models import Batch, PurchaseOrder, PurchaseReceipt, StockItem, StockMovement, Warehouse
from inventory.stockwork.batch_deeds import keep_batches
from tests.factories.buying import a_purchase, a_supplier, sold_by
from tests.factories.inventory import a_variant
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db


def clean() -> dict[str, int]:
    checks = [check for check in integrity.registered() if check.code[0] in "SU"]
    return {finding.check.code: finding.count for finding in integrity.run(checks) if finding.count}


def line_of(order: PurchaseOrder, variant: Variant) -> int:
    return order.lines.get(variant=variant).pk


def test_a_draft_takes_the_suppliers_prices_and_numbers(leipzig: Warehouse, cup: Variant) -> None:
    supplier = a_supplier()
    sold_by(supplier, cup, supplier_sku="S-1", cost=Money("4.50", "EUR"))

    order = draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ", wanted=[Wanted(variant_id=cup.pk, pieces=12)])

    line = order.lines.get()
    assert (order.number, order.state, order.currency) == ("PO-000001", "draft", "EUR")
    assert (line.supplier_sku, line.quantity, line.cost) == ("S-1", 12, Money("4.50", "EUR"))
    assert order.total == Money("54.00", "EUR")


def test_what_a_supplier_does_not_sell_is_not_ordered_there(leipzig: Warehouse, cup: Variant) -> None:
    with pytest.raises(errors.NotSold):
        draft_purchase(supplier_id=a_supplier().pk, warehouse_code="LEJ", wanted=[Wanted(variant_id=cup.pk, pieces=1)])
    assert not PurchaseOrder.objects.exists()


def test_an_order_is_in_one_currency(leipzig: Warehouse, cup: Variant) -> None:
    supplier = a_supplier()
    sold_by(supplier, cup, cost=Money("4.50", "USD"))
    with pytest.raises(errors.CurrencyDiffers):
        draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ", wanted=[Wanted(variant_id=cup.pk, pieces=1)])


def test_a_sent_order_is_mailed_once_and_cannot_be_rewritten(
    leipzig: Warehouse, cup: Variant, run_outbox: Callable[[], int]
) -> None:
    order = a_purchase(leipzig, {cup: 5})
    run_outbox()
    run_outbox()

    assert order.state == "sent"
    assert order.expected_on == timezone.localdate() + timedelta(days=10)
    message = Message.objects.get(kind="purchase_order")
    assert message.recipient == order.supplier.email
    assert order.number in message.subject
    assert "S-CUP" in message.text
    with pytest.raises(errors.NotDraft):
        write_purchase(number=order.number, wanted=[Wanted(variant_id=cup.pk, pieces=9)])
    assert order.lines.get().quantity == 5


def test_the_mail_once_more_says_that_it_is_the_same_order(
    leipzig: Warehouse, cup: Variant, run_outbox: Callable[[], int]
) -> None:
    order = a_purchase(leipzig, {cup: 5})
    purchases.send_again(number=order.number)
    run_outbox()
    texts = list(Message.objects.filter(kind="purchase_order").order_by("pk").values_list("text", flat=True))
    assert ["once more" in text for text in texts] == [False, True]


def test_an_empty_or_too_small_order_is_not_sent(leipzig: Warehouse, cup: Variant) -> None:
    supplier = a_supplier(least_order=Money("50.00", "EUR"))
    sold_by(supplier, cup)
    order = draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ")
    with pytest.raises(errors.NothingOrdered):
        send_purchase(number=order.number)
    write_purchase(number=order.number, wanted=[Wanted(variant_id=cup.pk, pieces=11)])
    with pytest.raises(errors.BelowLeast):
        send_purchase(number=order.number)
    write_purchase(number=order.number, wanted=[Wanted(variant_id=cup.pk, pieces=12)])
    assert send_purchase(number=order.number).state == "sent"


def test_no_pieces_take_a_line_away(leipzig: Warehouse, cup: Variant) -> None:
    supplier = a_supplier()
    sold_by(supplier, cup)
    order = draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ", wanted=[Wanted(variant_id=cup.pk, pieces=3)])
    write_purchase(number=order.number, wanted=[Wanted(variant_id=cup.pk, pieces=0)])
    assert not order.lines.exists()


def test_what_is_on_order_cannot_be_sold(leipzig: Warehouse, cup: Variant) -> None:
    a_purchase(leipzig, {cup: 5})
    assert not StockItem.objects.filter(on_hand__gt=0).exists()
    assert not StockMovement.objects.exists()


def test_partial_deliveries_fill_the_shelf_and_end_the_order(leipzig: Warehouse, cup: Variant) -> None:
    pot = a_variant()
    order = a_purchase(leipzig, {cup: 10, pot: 4})
    cups, pots = line_of(order, cup), line_of(order, pot)

    receive_purchase(number=order.number, arrived={cups: Arrived(accepted=6)}, op_key="a", delivery_note="DN 1")
    order.refresh_from_db()
    assert order.state == "partly_received"
    assert StockItem.objects.get(variant=cup).on_hand == 6

    receive_purchase(number=order.number, arrived={cups: Arrived(accepted=4), pots: Arrived(accepted=4)}, op_key="b")
    order.refresh_from_db()
    assert order.state == "received"
    assert list(StockItem.objects.order_by("variant").values_list("on_hand", flat=True)) == [10, 4]
    assert not PurchaseReceipt.objects.filter(has_difference=True).exists()
    assert clean() == {}


def test_a_delivery_that_is_booked_twice_counts_once(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    for pieces in (6, 10):
        receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=pieces)}, op_key="same")
    assert StockItem.objects.get().on_hand == 6
    assert order.lines.get().received == 6


def test_rejected_pieces_say_why_stay_off_the_shelf_and_are_settled(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    line = line_of(order, cup)
    with pytest.raises(errors.FaultMissing):
        receive_purchase(number=order.number, arrived={line: Arrived(accepted=8, rejected=2)}, op_key="a")
    assert not PurchaseReceipt.objects.exists()

    receipt = receive_purchase(
        number=order.number, arrived={line: Arrived(accepted=8, rejected=2, fault="damaged")}, op_key="a"
    )

    row = order.lines.get()
    assert (row.received, row.rejected, row.to_come) == (8, 2, 2)
    assert receipt.has_difference
    assert StockItem.objects.get().on_hand == 8
    with pytest.raises(errors.SettlementMissing):
        settle_difference(receipt_id=receipt.pk, note=" ")
    settle_difference(receipt_id=receipt.pk, note="Credit note over 9.00")
    with pytest.raises(errors.AlreadySettled):
        settle_difference(receipt_id=receipt.pk, note="Again")
    assert clean() == {}


def test_more_than_ordered_is_kept_only_by_those_who_may(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    arrived = {line_of(order, cup): Arrived(accepted=12)}
    with pytest.raises(errors.OverDelivery) as refusal:
        receive_purchase(number=order.number, arrived=arrived, op_key="a")
    assert refusal.value.to_come == 10
    assert not StockItem.objects.filter(on_hand__gt=0).exists()

    receipt = receive_purchase(number=order.number, arrived=arrived, op_key="a", may_exceed=True)
    assert receipt.lines.get().over == 2
    assert receipt.has_difference
    assert StockItem.objects.get().on_hand == 12
    assert clean() == {}


def test_pieces_that_expire_arrive_with_the_name_of_their_batch(leipzig: Warehouse, cup: Variant) -> None:
    keep_batches(variant_id=cup.pk)
    order = a_purchase(leipzig, {cup: 10})
    line = line_of(order, cup)
    with pytest.raises(errors.BatchWanted):
        receive_purchase(number=order.number, arrived={line: Arrived(accepted=4)}, op_key="a")
    assert not PurchaseReceipt.objects.exists()

    day = timezone.localdate() + timedelta(days=90)
    for code, pieces in (("L-1", 4), ("L-2", 6)):
        told = Arrived(accepted=pieces, batch=code, expires_on=day)
        receive_purchase(number=order.number, arrived={line: told}, op_key=code)
    assert list(Batch.objects.order_by("pk").values_list("code", "expires_on", "quantity")) == [
        ("L-1", day, 4),
        ("L-2", day, 6),
    ]
    assert clean() == {}


def test_what_will_not_come_is_given_up(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=7)}, op_key="a")
    purchases.give_up_rest(number=order.number, reason="Discontinued")
    order.refresh_from_db()
    assert (order.state, order.lines.get().given_up, order.lines.get().to_come) == ("received", 3, 0)
    assert clean() == {}


def test_a_last_delivery_gives_the_rest_up_and_differs(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    receipt = receive_purchase(
        number=order.number, arrived={line_of(order, cup): Arrived(accepted=7)}, op_key="a", is_last=True
    )
    order.refresh_from_db()
    assert (order.state, receipt.has_difference) == ("received", True)


def test_an_order_of_which_something_came_is_not_called_off(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 10})
    receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=1)}, op_key="a")
    with pytest.raises(IllegalTransition):
        purchases.cancel_purchase(number=order.number, reason="Too late")
    order.refresh_from_db()
    assert (order.state, order.canceled_because) == ("partly_received", "")


def test_nothing_is_received_of_a_draft_or_of_what_is_over(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 1})
    purchases.cancel_purchase(number=order.number, reason="Mistake")
    with pytest.raises(errors.NotComing):
        receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=1)}, op_key="a")
    with pytest.raises(errors.NotComing):
        purchases.confirm_purchase(number=order.number, expected_on=date(2026, 12, 1))


def test_a_confirmation_moves_the_day(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 1})
    for day in (date(2026, 12, 1), date(2026, 12, 8)):
        confirmed = purchases.confirm_purchase(number=order.number, expected_on=day, supplier_ref="X-7")
        assert (confirmed.state, confirmed.expected_on, confirmed.supplier_ref) == ("confirmed", day, "X-7")


@pytest.mark.parametrize(
    ("language", "written"), [("de", "1.026,10\xa0EUR"), ("en", "EUR\xa01,026.10"), ("ja", "EUR\xa01,026.10")]
)
def test_amounts_on_paper_name_their_currency_once(language: str, written: str) -> None:
    assert amount_of(Money("1026.10", "EUR"), language) == written


def test_the_supplier_reads_the_pdf_by_its_link_until_it_is_called_off(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 5})
    address = "/" + paper_url(order).split("/", 3)[3]
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert Client().get(address[:-3] + "xx/").status_code == 404
    purchases.cancel_purchase(number=order.number, reason="Mistake")
    assert Client().get(address).status_code == 404


def test_the_control_finds_pieces_that_no_delivery_explains(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 5})
    receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=5)}, op_key="a")
    assert clean() == {}
    order.lines.update(received=4)
    assert set(clean()) == {"U01", "U03"}
    order.lines.update(received=5)
    with behind_the_databases_back(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_stockmovement SET op_key = 'lost' WHERE op_key LIKE 'po:%'")
    assert "U02" in clean()


def test_the_database_holds_what_a_delivery_line_must_say(leipzig: Warehouse, cup: Variant) -> None:
    order = a_purchase(leipzig, {cup: 5})
    receipt = receive_purchase(number=order.number, arrived={line_of(order, cup): Arrived(accepted=1)}, op_key="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        receipt.lines.update(rejected=1)
