"""A sold set of unlike goods: every component keeps its own tax, also when money goes back for it."""

from decimal import Decimal
from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.models import Product
from core.money import Money, to_minor
from markets.cache import forget
from markets.models import Country
from orders.actions import refund_order
from orders.models import Order, OrderLine, OrderLinePart, OrderTaxLine
from orders.types import RefundWish
from orders.workspace.page import workspace
from tests.factories.cart import item_in, open_shop
from tests.factories.kinds import set_in
from tests.factories.markets import JurisdictionFactory, TaxCategoryFactory, TaxRateFactory
from tests.factories.orders import paid_order
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


def a_gift(sets: int = 1, price: str = "30.00") -> Order:
    """A paid set of a book at 7 % (a third of the price) and a cup at 19 %."""
    market = open_shop()
    books = TaxCategoryFactory(code="books")
    germany = JurisdictionFactory(country=Country.objects.get(code="DE"))
    TaxRateFactory(jurisdiction=germany, tax_category=books, rate="0.07")
    forget()
    book = item_in(market, stock=50, code="book")
    Product.objects.filter(pk=book.product_id).update(tax_category=books)
    cup = item_in(market, stock=50, code="cup")
    return paid_order(market, (set_in(market, (book, 1, 1), (cup, 1, 2), price=price), sets))


def parts_of(order: Order) -> list[OrderLinePart]:
    return list(OrderLinePart.objects.filter(order_line__order=order))


def findings() -> list[str]:
    return sorted(broken_checks())


def wish(line: OrderLine, quantity: int = 1, part: OrderLinePart | None = None) -> list[RefundWish]:
    return [RefundWish(line_id=line.pk, quantity=quantity, part_id=part.pk if part else None)]


def test_the_order_keeps_the_tax_of_every_component() -> None:
    order = a_gift()

    book, cup = parts_of(order)
    assert (book.share_net, book.share_tax, book.tax_rate) == (
        Money("9.35", "EUR"),
        Money("0.65", "EUR"),
        Decimal("0.07"),
    )
    assert (cup.share_net, cup.share_tax, cup.tax_rate) == (
        Money("16.81", "EUR"),
        Money("3.19", "EUR"),
        Decimal("0.19"),
    )
    taxes = OrderTaxLine.objects.filter(order=order, owner="line").order_by("part__position")
    assert [(tax.part, tax.rate, tax.amount) for tax in taxes] == [
        (book, book.tax_rate, book.share_tax),
        (cup, cup.tax_rate, cup.share_tax),
    ]
    assert findings() == []


def test_a_component_brings_its_own_tax_back() -> None:
    order = a_gift()
    line = order.lines.get()
    book, cup = parts_of(order)

    first = refund_order(number=order.number, lines=wish(line, part=book), shipping=False, reason="Torn", key="1")
    rest = refund_order(number=order.number, lines=wish(line), shipping=False, reason="All", key="2")

    assert [(row.part, row.net, row.tax) for row in first.lines.all()] == [(book, book.share_net, book.share_tax)]
    assert [(row.part, row.net, row.tax) for row in rest.lines.all()] == [(cup, cup.share_net, cup.share_tax)]
    assert first.amount + rest.amount == line.line_total
    assert findings() == []


def test_a_changed_rate_changes_nothing_that_was_sold() -> None:
    order = a_gift()
    line = order.lines.get()
    Product.objects.filter(code="book").update(tax_category=TaxCategoryFactory())

    refund = refund_order(number=order.number, lines=wish(line), shipping=False, reason="All", key="1")

    assert sum(to_minor(row.tax) for row in refund.lines.all()) == 65 + 319


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_of_refunds_ends_at_what_was_paid(seed: int) -> None:
    luck = Random(seed)
    steps = luck.choices(["book", "cup", "set"], k=luck.randint(1, 6))
    cents = luck.randint(1, 999)
    order = a_gift(sets=2, price=f"{20 + cents // 100}.{cents % 100:02}")
    line = order.lines.get()
    named = dict(zip(("book", "cup"), parts_of(order), strict=True))
    for number, step in enumerate(steps):
        part = named.get(step)
        part = OrderLinePart.objects.get(pk=part.pk) if part else None
        line.refresh_from_db()
        left = part.quantity - part.qty_refunded if part else line.quantity - line.qty_refunded
        if left:
            refund_order(
                number=order.number,
                lines=wish(line, 1, part),
                shipping=False,
                reason="x",
                key=f"{order.number}{number}",
            )
    line.refresh_from_db()
    if line.quantity > line.qty_refunded:
        left = line.quantity - line.qty_refunded
        refund_order(number=order.number, lines=wish(line, left), shipping=False, reason="x", key=f"{order.number}end")

    line.refresh_from_db()
    assert (line.net_refunded, line.tax_refunded) == (line.line_net, line.line_tax)
    assert findings() == []


def test_operators_see_which_component_bears_which_tax_and_the_codes_it_is_declared_by() -> None:
    order = a_gift()
    OrderLine.objects.update(hs_code="")
    OrderLinePart.objects.filter(sku="BOOK").update(hs_code="490199")

    page = workspace(order, AnonymousUser())

    assert [fact.what for fact in page.taxes][:2] == ["The Set: Book", "The Set: Cup"]
    (packed,) = page.parcels[0].lines
    assert packed.hs_code == "490199, 691200"
    OrderLinePart.objects.filter(sku="BOOK").update(hs_code="")
    assert workspace(Order.objects.get(pk=order.pk), AnonymousUser()).parcels[0].lines[0].hs_code == ""
