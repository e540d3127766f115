"""Whatever the prices, the wear and what follows: no cent and no unit is made or lost by an exchange."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Variant
from core.errors import DomainError
from core.money import to_minor
from core.outbox import drain
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import cancel_order, expire_order
from orders.actions.exchanging import bring_exchange_back, give_up_exchange
from orders.actions.returns import approve_return
from orders.actions.returns_closing import settle_return
from orders.actions.returns_receiving import Verdict, inspect_unit, receive_units
from orders.models import AftersalesPolicy, Exchange, Order, OrderReceipt, ReturnRequest
from orders.returning.files import Sent, put_away
from orders.workspace.refunds import preview_refund
from payments.actions import submit_due_refunds
from payments.models import CreditAccount, LedgerEntry, Payment
from tests.examples import examples
from tests.factories.cart import open_shop
from tests.orders.exchanges.world import promise, settled, settlement_of, two_sizes, wants
from tests.orders.returns.world import delivered_order, photo, verdict
from tests.soundness import broken

price = st.integers(100, 9_999).map(lambda minor: f"{minor // 100}.{minor % 100:02d}")
AFTERWARDS = st.lists(st.sampled_from(["cancel", "expire", "bring", "drain"]), max_size=4)


@pytest.fixture
def market(db: None) -> MarketContext:
    return open_shop()


def everything_done() -> None:
    for _ in range(4):
        drain(limit=400)
        submit_due_refunds()
    drain(limit=400)


def worn_back(request: ReturnRequest, kept: int) -> None:
    """All units arrive; the first one is worn by so much."""
    line = request.lines.get()
    receive_units(return_number=request.number, counts={line.pk: line.quantity})
    for nth in range(1, line.quantity + 1):
        seen = verdict(nth, condition="worn" if kept and nth == 1 else "as_new", note="Worn")
        asked = Verdict(
            nth=nth,
            condition=seen.condition,
            fate=seen.fate,
            warehouse_code=seen.warehouse_code,
            note=seen.note,
            kept_minor=kept if nth == 1 else 0,
        )
        with put_away([Sent(called="a.jpg", content=photo().read())]) as photos:
            inspect_unit(return_number=request.number, line_id=line.pk, verdict=asked, photos=photos)
    request.refresh_from_db()


def kept_by_the_shop(*orders: Order) -> int:
    """What the payments of the orders' customers have brought and not given back."""
    rows = Payment.objects.filter(order_ref__in=[order.number for order in orders]).exclude(provider="credit")
    return sum(row.captured_minor - row.refunded_minor for row in rows)


def on_ledger(code: str) -> int:
    return sum(LedgerEntry.objects.filter(account__code=code).values_list("amount_minor", flat=True))


@given(small=price, large=price, units=st.integers(1, 3), kept=st.integers(0, 90), steps=AFTERWARDS)
@settings(
    max_examples=examples(5, at_night=60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_money_and_units_are_conserved(
    market: MarketContext, small: str, large: str, units: int, kept: int, steps: list[str]
) -> None:
    AftersalesPolicy.objects.all().delete()
    promise(market)
    one, other = two_sizes(market, small, large, stock=9)
    order = delivered_order(market, (one, units))
    stock = _shelves(one, other)
    request = wants(order, other, units, key=order.number)
    approve_return(return_number=request.number)
    worn_back(request, kept)
    settled(request)
    child = Exchange.objects.get(return_request=request).child
    assert child is not None
    for step in steps:
        with suppress(DomainError):
            _step(child, step)
    everything_done()

    child.refresh_from_db()
    order.refresh_from_db()
    goods_kept = order.lines.get().net_kept_minor + order.lines.get().tax_kept_minor
    assert goods_kept == kept
    assert not CreditAccount.objects.exclude(balance_minor=0).exists()
    assert (on_ledger("exchange_clearing"), on_ledger("exchange_advances")) == (0, 0)
    back = to_minor(order.total) - kept_by_the_shop(order, child)
    worth = to_minor(order.lines.get().line_total) - kept
    if child.lifecycle in ("canceled", "expired"):
        assert back == worth
    else:
        assert back == max(0, worth - to_minor(child.total))
    for row in OrderReceipt.objects.all():
        assert row.refunded <= row.received
    gone = 0 if child.lifecycle in ("canceled", "expired") else units
    assert _promised(one, other) == (stock[0] + units, stock[1] - gone)
    assert broken("Q02") == []


def _step(child: Order, step: str) -> None:
    if step == "cancel":
        cancel_order(number=child.number, reason="Not wanted")
    elif step == "expire":
        expire_order(number=child.number)
    elif step == "bring":
        bring_exchange_back(child_number=child.number)
    else:
        everything_done()


def _shelves(*variants: Variant) -> tuple[int, ...]:
    return tuple(StockItem.objects.get(variant=variant).on_hand for variant in variants)


def _promised(*variants: Variant) -> tuple[int, ...]:
    """On the shelves, less what is promised to orders that have not left."""
    rows = [StockItem.objects.get(variant=variant) for variant in variants]
    return tuple(row.on_hand - row.allocated for row in rows)


@pytest.mark.django_db
def test_an_exchange_that_is_given_up_leaves_a_plain_refund() -> None:
    """The control: without the exchange the same goods bring the same money, and nothing lies in between."""
    shop = open_shop()
    promise(shop)
    one, other = two_sizes(shop, "20.00", "33.00")
    order = delivered_order(shop, (one, 1))
    request = wants(order, other)
    approve_return(return_number=request.number)
    worn_back(request, 250)
    give_up_exchange(return_number=request.number, reason="Sold out by mistake")
    request.refresh_from_db()
    settlement = settlement_of(request)
    shown = preview_refund(order, wishes=settlement.lines, shipping=False).total
    settle_return(return_number=request.number, settlement=settlement, shown=shown)
    everything_done()
    assert to_minor(shown) == 2000 - 250
    assert to_minor(order.total) - kept_by_the_shop(order) == 1750
    assert not CreditAccount.objects.exists()
