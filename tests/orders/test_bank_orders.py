"""Orders that are paid by bank transfer: kept for days, paid in parts, too much, too late, or another way after all."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from checkout.actions import Way, pay_order
from core.models import Message
from core.money import from_minor, to_minor
from core.outbox import drain
from markets.prefix import storefront_url
from markets.types import MarketContext
from orders.actions import cancel_order, expire_unpaid_orders, grant_access
from orders.models import Lifecycle, Order, OrderRefund, PaymentState
from orders.proving.page import order_proof
from payments.actions import (
    accept_case,
    accept_surplus_as_credit,
    confirm_payout,
    remind_transfers,
    submit_due_refunds,
)
from payments.errors import CaseClosed
from payments.models import BankAccount, BankLine, BankPayout, BankTransfer, CreditAccount, Payment, PaymentException
from payments.providers.bank.references import payout_reference, printed
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import pay, placed_order
from tests.payments.bank_world import Move, arrive, bank_account, bring_in
from tests.soundness import broken

pytestmark = pytest.mark.django_db
WAY = Way(return_url="http://testserver/back/", cancel_url="http://testserver/stop/")


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@pytest.fixture
def market() -> MarketContext:
    return open_shop()


@pytest.fixture
def account(market: MarketContext) -> BankAccount:
    return bank_account()


def by_transfer(market: MarketContext) -> tuple[Order, BankTransfer]:
    """An order whose shopper was told where to transfer to."""
    order = placed_order(market, (item_in(market), 1))
    pay_order(number=order.number, method="customer_balance", key="try-1", market=market, way=WAY)
    order.refresh_from_db()
    return order, BankTransfer.objects.select_related("payment").get(payment__order_ref=order.number)


def settle_everything() -> None:
    for _ in range(4):
        drain(limit=200)
        submit_due_refunds()


def is_sound() -> None:
    assert broken("Q02") == []


def run_out(order: Order) -> None:
    """Its time to pay is over."""
    Order.objects.filter(pk=order.pk).update(pay_by=F("placed_at") - timedelta(minutes=1))


def written(order: Order) -> list[str]:
    return list(Message.objects.filter(reference=order.number).order_by("pk").values_list("kind", flat=True))


def split(order: Order) -> tuple[str, str]:
    """The total in two parts."""
    total = to_minor(order.total)
    first, rest = (str(from_minor(part, order.currency).amount) for part in (total // 3, total - total // 3))
    return first, rest


def test_the_goods_are_kept_for_days_and_the_shopper_is_written_to(account, market) -> None:
    order, awaited = by_transfer(market)
    settle_everything()
    assert order.pay_by > timezone.now() + timedelta(days=6, hours=23)
    assert expire_unpaid_orders() == 0
    assert written(order) == ["payment_awaited"]
    said = Message.objects.get(reference=order.number)
    assert printed(awaited.reference) in said.text
    assert "DE89 3704 0044 0532 0130 00" in said.text
    assert f"/pay/transfer/{awaited.token}/" in said.html


def test_the_whole_amount_confirms_the_order(account, market) -> None:
    order, awaited = by_transfer(market)
    arrive(account, awaited, str(order.total.amount))
    settle_everything()
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PAID)
    assert order.holds.count() == 0
    is_sound()


def test_two_parts_pay_one_order_once_and_hold_nothing(account, market) -> None:
    order, awaited = by_transfer(market)
    first, second = split(order)
    arrive(account, awaited, first)
    settle_everything()
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.PENDING_PAYMENT, PaymentState.PARTLY_PAID)
    assert order.holds.count() == 0
    assert "transfer_part" in written(order)
    arrive(account, awaited, first, second)
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PAID)
    is_sound()


def test_a_part_whose_rest_does_not_come_is_for_a_person(account, market) -> None:
    order, awaited = by_transfer(market)
    arrive(account, awaited, split(order)[0])
    run_out(order)
    assert expire_unpaid_orders() == 0
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    assert order.holds.get().key == f"short:{order.number}"
    cancel_order(number=order.number, reason="The rest did not come.")
    settle_everything()
    payout = BankPayout.objects.get()
    assert payout.amount == Payment.objects.get(pk=awaited.payment_id).captured
    confirm_payout(payout_id=payout.pk)
    settle_everything()
    is_sound()


def test_too_much_pays_the_order_and_the_rest_is_a_case_that_goes_back_when_accepted(account, market) -> None:
    order, awaited = by_transfer(market)
    arrive(account, awaited, str(order.total.amount + 5))
    settle_everything()
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PAID)
    assert order.holds.count() == 0
    case = PaymentException.objects.get(kind="surplus", state="open")
    accept_case(case_id=case.pk, note="Sent twice.", actor_id=None)
    settle_everything()
    assert to_minor(OrderRefund.objects.get().amount) == 500
    assert order.holds.count() == 0
    assert BankPayout.objects.get().amount_minor == 500


def test_too_much_becomes_store_credit_where_the_customer_agreed(account, market) -> None:
    order, awaited = by_transfer(market)
    arrive(account, awaited, str(order.total.amount + 5))
    case = PaymentException.objects.get(kind="surplus", state="open")
    accept_surplus_as_credit(case_id=case.pk, note="Agreed by mail.", actor_id=None)
    settle_everything()
    assert CreditAccount.objects.get(kind="store_credit").balance_minor == 500
    assert BankPayout.objects.count() == 0
    with pytest.raises(CaseClosed):
        accept_surplus_as_credit(case_id=case.pk, note="Again.", actor_id=None)
    is_sound()


def test_late_money_confirms_again_while_the_goods_are_there(account, market) -> None:
    order, awaited = by_transfer(market)
    run_out(order)
    assert expire_unpaid_orders() == 1
    arrive(account, awaited, str(order.total.amount))
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED
    is_sound()


def test_one_message_per_fact_from_the_order_to_its_end(account, market) -> None:
    order, awaited = by_transfer(market)
    settle_everything()
    past = timezone.now() - timedelta(days=8)
    BankTransfer.objects.update(created=past)
    assert [remind_transfers(), remind_transfers()] == [1, 0]
    settle_everything()
    arrive(account, awaited, split(order)[0])
    settle_everything()
    arrive(account, awaited, *split(order))
    settle_everything()
    assert written(order) == ["payment_awaited", "transfer_reminder", "transfer_part", "order_confirmed"]


def test_an_order_that_is_let_go_says_so_and_nothing_is_asked_for_afterwards(account, market) -> None:
    order, _awaited = by_transfer(market)
    settle_everything()
    run_out(order)
    assert expire_unpaid_orders() == 1
    settle_everything()
    BankTransfer.objects.update(created=timezone.now() - timedelta(days=8))
    assert remind_transfers() == 0
    assert written(order) == ["payment_awaited", "order_expired"]


def test_money_for_a_cancelled_order_is_to_be_sent_back(account, market) -> None:
    order, awaited = by_transfer(market)
    cancel_order(number=order.number, reason="Changed their mind.")
    arrive(account, awaited, str(order.total.amount))
    settle_everything()
    assert BankPayout.objects.get().amount == order.total


def test_another_way_of_paying_keeps_the_order_and_closes_the_transfer(account, market) -> None:
    order, awaited = by_transfer(market)
    pay(order)
    order.refresh_from_db()
    awaited.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert awaited.closed_at is not None
    arrive(account, awaited, str(order.total.amount))
    settle_everything()
    assert BankPayout.objects.get().amount == order.total


def test_the_order_page_leads_to_the_transfer(account, market, client) -> None:
    order, awaited = by_transfer(market)
    secret = grant_access(number=order.number, purpose="checkout")
    address = {"number": order.number, "token": secret}
    url = storefront_url("orders:page", market="de", language="de", kwargs=address)
    html = client.get(url).content.decode()
    assert f"/pay/transfer/{awaited.token}/" in html


def test_the_proof_names_the_lines_of_the_bank_and_what_waits(account, market, django_assert_max_num_queries) -> None:
    order, awaited = by_transfer(market)
    arrive(account, awaited, str(order.total.amount + 5))
    settle_everything()
    came, surplus = order_proof(order).reports
    assert (came.verdict.tone, surplus.verdict.tone) == ("ok", "warn")
    assert came.row_url == surplus.row_url == reverse("admin:payments_bankline_change", args=[line_id()])
    accept_case(case_id=PaymentException.objects.get(kind="surplus").pk, note="Sent twice.", actor_id=None)
    settle_everything()
    payout = BankPayout.objects.get()
    move = Move(amount="-5.00", purpose=payout_reference(payout.pk), bank_id="out")
    bring_in(account, [move])
    settle_everything()
    order.refresh_from_db()
    with django_assert_max_num_queries(40):
        verdicts = [report.verdict.tone for report in order_proof(order).reports]
    assert verdicts == ["ok", "ok", "ok"]
    is_sound()


def line_id() -> int:
    return BankLine.objects.earliest("pk").pk
