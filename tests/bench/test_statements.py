"""What statements over 100,000 paid orders of a year cost. Printed; a statement asks one query whatever the number."""

import time
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from django.db import connection, models
from pytest_django import DjangoAssertNumQueries

from core.outbox import drain
from orders.models import Document, Order
from orders.statements.declared import return_of
from orders.statements.documents import documents_page
from orders.statements.movements import agreement_of, fees_of, liabilities_of, refunds_of
from orders.statements.periods import TaxPeriod
from orders.statements.sales import sales_of, taxes_of
from orders.statements.types import Chosen
from payments.models import LedgerEntry, LedgerTxn, Payment, PaymentTransaction
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
ORDERS = 100_000
YEAR = Chosen(first=date(2025, 1, 1), last=date(2025, 12, 31))
QUARTER = TaxPeriod(first=date(2025, 7, 1), last=date(2025, 9, 30))
DAY = "date '2025-01-01' + (n %% 365)::int"
"""Every day of the year has its orders. Doubled, because the driver reads `%` itself."""
MOST_SECONDS = 20
APART = 1_000_000
"""So far above the rows that are there already that no key of a copy is one of theirs."""


def test_statements_over_a_year_of_orders(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    seller = _year_of_orders()
    asked: Mapping[str, Callable[[], object]] = {
        "sales": lambda: sales_of(YEAR),
        "tax by country and rate": lambda: taxes_of(YEAR),
        "refunds": lambda: refunds_of(YEAR, by="refund"),
        "fees": lambda: fees_of(YEAR),
        "credit": lambda: liabilities_of(YEAR),
        "documents and ledger": lambda: agreement_of(YEAR),
        "return of a quarter": lambda: return_of(seller=seller, scheme="oss", period=QUARTER),
    }
    print()
    for name, read in asked.items():
        began = time.perf_counter()
        with django_assert_num_queries(1):
            read()
        took = time.perf_counter() - began
        print(f"{name:26} {took:6.2f} s over {ORDERS:,} orders")
        assert took < MOST_SECONDS, name
    with django_assert_num_queries(2):
        page = documents_page(YEAR, tax={}, page="1000", kept={})
    assert page.total == ORDERS

    (sales,), (both,) = sales_of(YEAR), agreement_of(YEAR)
    assert sales.invoices == ORDERS
    assert both.agrees
    assert both.documented == sales.gross


def _year_of_orders() -> str:
    """One order the way the shop makes it, and 100,000 copies of its rows spread over a year."""
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    drain(limit=200)
    document = Document.objects.select_related("seller").get(order=order)
    payment = Payment.objects.get(order_ref=order.number)
    fact = PaymentTransaction.objects.get(payment=payment, kind="captured")
    txn = LedgerTxn.objects.get(source_type="payment_fact", source_id=str(fact.pk))
    entries = list(txn.entries.order_by("pk"))

    number = f"'{order.number}-' || n"
    _copy(order, number=number, placed_at=DAY)
    _copy(
        document,
        order_id=f"{order.pk + APART} + n",
        sequence="sequence + n",
        number="number || '-' || n",
        issued_on=DAY,
    )
    _copy(
        payment,
        order_ref=number,
        ref="gen_random_uuid()",
        idempotency_key="idempotency_key || '-' || n",
        provider_ref="provider_ref || '-' || n",
    )
    _copy(fact, payment_id=f"{payment.pk + APART} + n", fact_ref="fact_ref || '-' || n")
    _copy(
        txn,
        source_id=f"({fact.pk + APART} + n)::text",
        idempotency_key="idempotency_key || '-' || n",
        occurred_at=f"({DAY})::timestamp + interval '12 hours'",
    )
    for step, entry in enumerate(entries):
        _copy(entry, id=f"{entries[-1].pk + APART} + {len(entries)} * n + {step}", txn_id=f"{txn.pk + APART} + n")
    for table in (Order, Document, Payment, PaymentTransaction, LedgerTxn, LedgerEntry):
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table._meta.db_table}")
    return document.seller.code


def _copy(row: models.Model, **changes: str) -> None:
    """`ORDERS` copies of a row; copy n has the key of the row plus `APART` + n unless `changes` (SQL) say otherwise."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    told = {"id": f"id + {APART} + n", **changes}
    values = ", ".join(told.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, %s) AS n WHERE id = %s",  # noqa: S608 (names of our own columns)
            [ORDERS, row.pk],
        )
