"""Statements agree with the documents, with the orders and with the ledger, to the cent."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from core.money import Money, sum_money
from core.outbox import drain
from markets.types import MarketContext
from orders.actions import refund_order
from orders.models import Document, Order, OrderRefund
from orders.statements.declared import declared_of, return_of
from orders.statements.movements import agreement_of, fees_of, liabilities_of, refunds_of
from orders.statements.periods import TaxPeriod
from orders.statements.sales import sales_of, taxes_of
from orders.statements.types import Chosen
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from payments.actions.credit import withdraw_credit
from payments.models import LedgerEntry, Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.factories.payments import fact, settled
from tests.payments.credit_world import card, credit

pytestmark = pytest.mark.django_db


def bought(code: str = "de", *, market: MarketContext | None = None, price: str = "3.33", quantity: int = 3) -> Order:
    shop = market or open_shop(code)
    return paid_order(shop, (item_in(shop, price=price), quantity))


def settle() -> None:
    drain(limit=200)
    submit_due_refunds()
    drain(limit=200)


def give_back(order: Order, quantity: int = 1) -> OrderRefund:
    wish = RefundWish(line_id=order.lines.get().pk, quantity=quantity)
    return refund_order(number=order.number, lines=[wish], shipping=False, reason="Broken", key=f"t-{order.number}")


def around(**more: str) -> Chosen:
    """Yesterday to tomorrow: whatever the time zone, now is in it."""
    today = timezone.now().date()
    return Chosen(first=today - timedelta(days=1), last=today + timedelta(days=1), **more)


def summed(amounts: Sequence[Money], currency: str = "EUR") -> Money:
    return sum_money(amounts, currency)


def test_sales_and_tax_are_those_of_the_documents() -> None:
    market = open_shop()
    first, second = bought(market=market), bought(market=market, price="19.99", quantity=1)
    settle()
    give_back(first)
    settle()

    (row,) = sales_of(around())
    note = Document.objects.get(kind="credit_note")
    assert (row.market, row.invoices, row.credit_notes) == ("de", 2, 1)
    assert row.invoiced == first.total + second.total
    assert (row.credited, row.credited_tax) == (note.total, note.tax_total)
    taxes = taxes_of(around())
    assert summed([one.tax for one in taxes]) == row.tax
    assert summed([one.gross for one in taxes]) == row.gross
    assert {(one.country, one.rate) for one in taxes if one.reason == "standard"} == {("DE", Decimal("0.19"))}


def test_documents_agree_with_what_the_ledger_received_and_gave_back() -> None:
    order = bought()
    bought("jp", price="")
    settle()
    give_back(order, 2)
    settle()

    rows = {one.currency: one for one in agreement_of(around())}
    assert set(rows) == {"EUR", "JPY"}
    assert all(one.agrees for one in rows.values())
    assert rows["EUR"].received == order.total
    entries = LedgerEntry.objects.filter(account__code="customer_receivable", currency="EUR")
    assert rows["EUR"].moved == Money(Decimal(-(entries.aggregate(sum=Sum("amount_minor"))["sum"])) / 100, "EUR")


def test_money_that_is_not_documented_yet_is_a_difference() -> None:
    order = bought()

    (row,) = agreement_of(around())
    assert (row.documented, row.difference) == (Money("0.00", "EUR"), -order.total)
    settle()
    (row,) = agreement_of(around())
    assert row.agrees


def test_an_order_that_is_not_paid_is_in_no_statement() -> None:
    market = open_shop()
    placed_order(market, (item_in(market), 1))
    settle()
    assert (sales_of(around()), taxes_of(around()), agreement_of(around())) == ([], [], [])


def test_refunds_stand_under_their_own_day_and_under_that_of_their_order_with_one_sum() -> None:
    order = bought()
    settle()
    Order.objects.filter(pk=order.pk).update(placed_at=order.placed_at - timedelta(days=40))
    refund = give_back(order)
    settle()

    (by_refund,) = refunds_of(around(), by="refund")
    (by_order,) = refunds_of(around(), by="order")
    assert by_refund.amount == by_order.amount == refund.amount
    assert by_refund.day - by_order.day >= timedelta(days=39)
    assert by_refund.refunds == 1
    assert not any((by_refund.excess.amount, by_refund.to_credit.amount))


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [({"market": "jp"}, 0), ({"currency": "JPY"}, 0), ({"market": "de"}, 1), ({"seller": "nobody"}, 0)],
)
def test_a_statement_is_narrowed_by_market_currency_and_seller(narrowed: dict[str, str], count: int) -> None:
    bought()
    settle()
    assert len(sales_of(around(**narrowed))) == count
    assert len(agreement_of(around(**narrowed))) == count


def test_another_period_holds_nothing() -> None:
    bought()
    settle()
    before = Chosen(first=date(2020, 1, 1), last=date(2020, 12, 31))
    assert not any((sales_of(before), taxes_of(before), refunds_of(before, by="refund"), agreement_of(before)))
    assert not fees_of(before)


def test_fees_are_those_of_the_ledger_and_name_their_provider() -> None:
    order = bought()
    settle()
    payment = Payment.objects.get(order_ref=order.number)
    (before,) = fees_of(around())
    settled(payment, fact(payment, "fee", Money("0.49", "EUR"), occurred_at=timezone.now()))

    (row,) = fees_of(around())
    assert (row.provider, row.bookings) == (payment.provider, before.bookings + 1)
    assert row.amount - before.amount == Money("0.49", "EUR")
    booked = LedgerEntry.objects.filter(account__code="psp_fees").aggregate(sum=Sum("amount_minor"))["sum"]
    assert row.amount == Money(Decimal(booked) / 100, "EUR")
    assert fees_of(around(currency="JPY")) == []


def test_what_is_owed_as_credit_opens_moves_and_closes() -> None:
    open_shop()
    card("50.00")
    withdraw_credit(account_id=credit("20.00").pk, reason="Given by mistake")

    rows = {one.code: one for one in liabilities_of(around())}
    cards, given = rows["gift_card_liability"], rows["store_credit_liability"]
    assert [one.amount for one in (cards.opening, cards.added, cards.spent, cards.ended, cards.closing)] == [
        0, 50, 0, 0, 50,
    ]  # fmt: skip
    assert [one.amount for one in (given.added, given.ended, given.closing)] == [20, 20, 0]
    tomorrow = timezone.now().date() + timedelta(days=1)
    later = {one.code: one for one in liabilities_of(Chosen(first=tomorrow, last=tomorrow))}
    assert later["gift_card_liability"].opening == Money("50.00", "EUR")
    assert not later["gift_card_liability"].added.amount


def test_the_return_holds_what_documents_declare_under_the_scheme() -> None:
    order = bought()
    settle()
    document = Document.objects.get(order=order)
    period = TaxPeriod.holding(document.issued_on, "oss")
    assert declared_of(seller=document.seller.code, scheme="oss", period=period) == []
    assert return_of(seller=document.seller.code, scheme="oss", period=period).rows == ()


def test_every_statement_asks_one_query_however_many_orders_there_are(
    django_assert_num_queries: object,
) -> None:
    market = open_shop()
    for _number in range(3):
        bought(market=market)
    settle()
    asked = django_assert_num_queries
    for read in (sales_of, taxes_of, fees_of, liabilities_of, agreement_of):
        with asked(1):  # type: ignore[operator]  # a fixture of pytest-django
            read(around())
