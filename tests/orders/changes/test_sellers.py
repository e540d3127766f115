"""Split by seller: every seller has an order and numbers of its own, and together they cost what the one cost."""

import pytest
from django.db.models import Sum
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.money import to_minor
from core.outbox import drain
from markets.models import LegalEntity, UntaxedSeller
from markets.types import MarketContext
from orders.actions import refund_order, ship_fulfillment
from orders.actions.changing_merge import why_not_merge
from orders.actions.changing_sellers import SellersAsked, split_by_seller
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.changes.shares import OrderShare, TaxShare, split_order
from orders.errors import ReasonMissing
from orders.models import Document, Fulfillment, Order, OrderReceipt
from orders.sellers import market_of
from orders.types import RefundWish
from orders.union_sales import count_union_sales
from payments.actions import submit_due_refunds
from tests.admin.people import operator, owner
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import CountryFactory
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.factories.sellers import another_seller, sold_by
from tests.journeys.desk import Desk
from tests.orders.changes.test_splitting import money
from tests.shared_world import shared_world
from tests.soundness import broken

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


@pytest.fixture
def mixed(market: MarketContext) -> Order:
    """A paid order with goods of the house, of North and of South."""
    cup, pot, jug = (item_in(market, price=price, stock=10) for price in ("19.99", "7.77", "3.33"))
    sold_by(pot, another_seller("north"))
    sold_by(jug, another_seller("south"))
    return paid_order(market, (cup, 1), (pot, 2), (jug, 3))


def split(order: Order, key: str = "s1") -> list[Order]:
    order.refresh_from_db()
    asked = SellersAsked(version=order.version, reason="Each sends its own", key=key)
    made = split_by_seller(number=order.number, asked=asked)
    return [Order.objects.get(pk=one.pk) for one in made]


def test_every_seller_gets_an_order_and_all_of_them_cost_what_the_one_cost(mixed: Order) -> None:
    before, received = money(mixed), OrderReceipt.objects.aggregate(all=Sum("received"))["all"]
    drain(limit=200)

    orders = split(mixed)

    assert [(one.merchant_ref, one.seller_name) for one in orders] == [
        ("", "Meridian Handels GmbH"),
        ("north", "North GmbH"),
        ("south", "South GmbH"),
    ]
    assert [[line.quantity for line in one.lines.all()] for one in orders] == [[1], [2], [3]]
    assert money(*orders) == before
    assert OrderReceipt.objects.aggregate(all=Sum("received"))["all"] == received
    assert {one.group_id for one in orders} == {mixed.group_id}
    assert {one.payment_state for one in orders} == {"paid"}
    assert broken() == []
    assert [one.number for one in split(mixed)] == [one.number for one in orders]


def test_documents_follow_with_the_numbers_of_their_seller(mixed: Order) -> None:
    drain(limit=200)

    orders = split(mixed)
    drain(limit=200)

    latest = [Document.objects.filter(order=one, kind="invoice").latest("pk") for one in orders]
    assert [one.seller.code for one in latest] == ["meridian", "north", "south"]
    assert [one.facts["seller"]["name"] for one in latest] == [one.seller_name for one in orders]
    assert [one.sequence for one in latest[1:]] == [1, 1]
    assert [one.total for one in latest] == [one.total for one in orders]
    assert broken() == []


def test_an_order_without_goods_of_the_house_is_handed_over(market: MarketContext) -> None:
    north, south = another_seller("north"), another_seller("south")
    pot, jug = item_in(market, price="7.77"), item_in(market, price="3.33")
    order = paid_order(market, (sold_by(pot, north), 1), (sold_by(jug, south), 1))
    drain(limit=200)

    orders = split(order)
    drain(limit=200)

    assert [one.merchant_ref for one in orders] == ["north", "south"]
    kinds = Document.objects.filter(order=order).order_by("pk").values_list("kind", "seller__code")
    assert list(kinds)[:2] == [("invoice", "meridian"), ("credit_note", "meridian")]
    assert list(kinds)[-1] == ("invoice", "north")
    assert market_of(orders[1]).seller == "south"
    assert any("sellers" in str(reason) for reason in why_not_merge(*orders))
    assert broken() == []


def test_each_is_sent_and_refunded_by_itself(mixed: Order) -> None:
    for one in split(mixed):
        ship_fulfillment(fulfillment_id=parcel_of(one).pk, carrier="DHL", tracking_no=one.number)
        wishes = [RefundWish(line_id=line.pk, quantity=line.quantity) for line in one.lines.all()]
        refund_order(number=one.number, lines=wishes, shipping=True, reason="All back", key=f"all:{one.number}")
        drain(limit=200)
        submit_due_refunds()
        assert sum(to_minor(refund.amount) for refund in one.refunds.all()) == to_minor(one.total)
    drain(limit=200)
    notes = Document.objects.filter(kind="credit_note", refund__isnull=False)
    assert sorted(note.seller.code for note in notes) == ["meridian", "north", "south"]
    assert broken() == []


def test_sales_to_other_member_states_count_for_who_sold(mixed: Order) -> None:
    year = mixed.placed_at.year
    orders = split(mixed)
    Order.objects.filter(group=mixed.group_id).update(country="FR", reporting_currency="EUR")
    CountryFactory(code="FR")
    Fulfillment.objects.filter(order__in=orders).update(ships_from="DE")

    sums = [to_minor(count_union_sales(code, year).this_year) for code in ("meridian", "north", "south")]

    assert all(sums)
    assert sum(sums) == sum(to_minor(row.base) for one in orders for row in one.tax_lines.all())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("unknown", "is not one of the shop's sellers"),
        ("closed", "is not one of the shop's sellers"),
        ("elsewhere", "other taxes would be due"),
        ("untaxed", "other taxes would be due"),
        ("no address", "street"),
        ("gone", "no longer in the catalogue"),
        ("sent", "have been sent"),
        ("one", "are of one seller"),
    ],
)
def test_what_cannot_be_handed_over_is_said_and_nothing_happens(market: MarketContext, wrong: str, said: str) -> None:
    north = another_seller("north", registered_in="AT" if wrong == "elsewhere" else "DE")
    cup, pot = item_in(market), item_in(market)
    sold_by(pot, {"unknown": "nobody", "one": ""}.get(wrong, "north"))
    order = paid_order(market, (cup, 1), (pot, 1))
    line = order.lines.get(variant=pot)
    if wrong == "closed":
        LegalEntity.objects.filter(pk=north.pk).update(active=False)
    if wrong == "untaxed":
        UntaxedSeller.objects.create(legal_entity=north)
    if wrong == "no address":
        LegalEntity.objects.filter(pk=north.pk).update(address={})
    if wrong == "gone":
        type(line).objects.filter(pk=line.pk).update(variant=None, product_id_sold=None)
    if wrong == "sent":
        ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")

    with pytest.raises(ChangeRefused, match=said):
        split(order)

    assert Order.objects.count() == 1
    assert Order.objects.get().merchant_ref == ""


def test_only_what_was_looked_at_and_is_paid_is_split_and_with_a_reason(market: MarketContext, mixed: Order) -> None:
    with pytest.raises(OrderMoved):
        split_by_seller(number=mixed.number, asked=SellersAsked(version=mixed.version + 9, reason="x", key="k"))
    with pytest.raises(ReasonMissing):
        split_by_seller(number=mixed.number, asked=SellersAsked(version=mixed.version, reason=" ", key="k"))
    north = LegalEntity.objects.get(code="north")
    waiting = placed_order(market, (item_in(market), 1), (sold_by(item_in(market), north), 1))
    with pytest.raises(ChangeRefused, match="paid"):
        split(waiting)


def test_an_operator_splits_it_from_the_order_page(mixed: Order) -> None:
    may = ("orders.view_order", "orders.split_order")
    assert operator(*may[:1]).get(reverse("admin:order_split_sellers", args=[mixed.number])).status_code == 403
    desk = Desk(operator(*may))
    assert "More than one seller" not in desk.open(f"/admin/orders/{mixed.number}/").text
    by_units = desk.open(f"/admin/orders/{mixed.number}/split/")
    assert "split/sellers/" in by_units.text

    page = desk.open(f"/admin/orders/{mixed.number}/split/sellers/")
    assert "keeps this order" in page.words
    shown = page.press("split/sellers/", button=("step", "preview"), reason="Each sends its own")
    assert "North GmbH" in shown.words
    assert "2 orders are made beside this one" in shown.words
    assert Order.objects.count() == 1
    done = shown.press("split/sellers/", button=("step", "confirm"))

    assert f"{mixed.number}-2, {mixed.number}-3" in done.words
    child = Order.objects.get(number=f"{mixed.number}-2")
    assert "Sold by North GmbH" in desk.open(f"/admin/orders/{child.number}/").words
    again = desk.open(f"/admin/orders/{child.number}/split/sellers/")
    assert "All goods of this order are of one seller." in again.words
    assert broken() == []


MINOR = st.integers(0, 900_000)


@given(
    st.lists(st.tuples(st.sampled_from(["shipping", "fee"]), MINOR, MINOR, st.booleans()), max_size=4),
    MINOR,
    st.lists(MINOR, min_size=2, max_size=6),
)
def test_however_many_sellers_there_are_their_shares_sum_to_the_whole(
    rows: list[tuple[str, int, int, bool]], duty: int, goods: list[int]
) -> None:
    taxes = tuple(
        TaxShare(key=at, owner=owner, part=0, base=base, amount=amount, included=included)
        for at, (owner, base, amount, included) in enumerate(rows)
    )
    whole = rest = OrderShare(
        shipping_total=sum(row.counted for row in taxes if row.owner == "shipping"),
        fee_total=sum(row.counted for row in taxes if row.owner == "fee"),
        duty_total=duty,
        is_duty_paid=False,
        standard_delivery=490,
        taxes=taxes,
    )
    gone = []
    for at, worth in enumerate(goods[:-1]):
        mine, rest = split_order(rest, [worth, sum(goods[at + 1 :])])
        gone.append(mine)

    parts = [*gone, rest]
    for name in ("shipping_total", "fee_total", "duty_total", "standard_delivery"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
        assert all(getattr(part, name) >= 0 for part in parts)
    for at, row in enumerate(taxes):
        assert sum(part.taxes[at].base for part in parts) == row.base
        assert sum(part.taxes[at].amount for part in parts) == row.amount


def test_a_product_is_handed_to_a_seller_with_its_skus_in_the_admin(market: MarketContext) -> None:
    north = another_seller("north")
    variant = item_in(market)
    product = variant.product
    desk = Desk(owner())
    address = reverse("admin:catalog_product_change", args=[product.pk])

    desk.open(address).press("change/", merchant_code="north")

    product.refresh_from_db()
    variant.refresh_from_db()
    assert (product.merchant_code, variant.merchant_code) == (north.code, north.code)
    other = item_in(market)
    type(other).objects.filter(pk=other.pk).update(sku=variant.sku)
    refused = desk.open(reverse("admin:catalog_product_change", args=[other.product_id])).press(
        "change/", merchant_code="north"
    )
    assert "SKU is taken" in refused.text
