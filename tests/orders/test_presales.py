"""Pre-sales: limits that hold, dates that move, parcels that wait for their day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.actions.presales import PresaleTerms, put_presale, release_due, release_presale
from catalog.errors import PresaleProblem
from core.models import Message
from core.outbox import drain
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import cancel_order, expire_unpaid_orders, ship_fulfillment
from orders.actions.ahead import cancel_moved_line
from orders.errors import NoRightToCancel, NotReleased, PresaleLimitReached
from orders.models import Lifecycle, Order, PresaleClaim
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.checkout import place
from tests.factories.inventory import stocked
from tests.factories.kinds import in_days, presale_in, presale_of, set_in
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.shared_world import shared_world
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


@shared_world
def market() -> MarketContext:
    return open_shop()


def findings() -> list[str]:
    return sorted(broken_checks())


def test_it_is_sold_before_it_is_there_up_to_its_limit(market: MarketContext) -> None:
    game = presale_in(market, most_in_all=5)
    paid_order(market, (game, 3))

    line = quote_of(cart_with(market, (game, 9)), market).lines[0]

    assert (line.quantity, line.releases_on) == (2, in_days(30))
    assert presale_of(game).sold == 3
    assert findings() == []


def test_the_limit_per_order_cuts_the_quantity(market: MarketContext) -> None:
    game = presale_in(market, most_per_order=2)

    line = quote_of(cart_with(market, (game, 5)), market).lines[0]

    assert line.quantity == 2


def test_the_limit_per_customer_counts_earlier_orders(market: MarketContext) -> None:
    game = presale_in(market, most_per_customer=2)
    first = placed_order(market, (game, 2))

    with pytest.raises(PresaleLimitReached):
        place(cart_with(market, (game, 1)), market)

    assert presale_of(game).sold == 2
    cancel_order(number=first.number, reason="No")
    place(cart_with(market, (game, 1)), market)
    assert presale_of(game).sold == 1


def test_a_mixed_cart_leaves_in_two_parcels_and_says_so(market: MarketContext) -> None:
    game, cup = presale_in(market), item_in(market, code="cup")
    cart = cart_with(market, (cup, 1), (game, 1))

    quote = quote_of(cart, market)
    order = paid_order(market, (cup, 1), (game, 1))

    first, second = quote.lines
    assert first.arrives_to is not None
    assert second.arrives_from is not None
    assert first.arrives_to < in_days(30) < second.arrives_from
    assert "pre-sale" in quote.ahead_sentence
    now, later = order.fulfillments.order_by("position")
    assert (now.not_before, later.not_before) == (None, in_days(30))
    assert order.arrives_to == second.arrives_to
    ship_fulfillment(fulfillment_id=now.pk, carrier="DHL")
    with pytest.raises(NotReleased):
        ship_fulfillment(fulfillment_id=later.pk, carrier="DHL")


def test_after_its_day_it_leaves_as_soon_as_it_has_come(market: MarketContext) -> None:
    game = presale_in(market, most_in_all=5)
    order = paid_order(market, (game, 2))

    assert release_due(today=in_days(30)) == 1
    drain()
    place_of = StockItem.objects.get(variant=game)
    assert (place_of.on_hand, place_of.allocated, place_of.available) == (0, 2, 0)
    stocked(game, 3, warehouse=place_of.warehouse)
    place_of.refresh_from_db()
    assert (place_of.backorder_limit, place_of.available) == (0, 1)
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    assert release_due(today=in_days(30)) == 0
    assert quote_of(cart_with(market, (game, 5)), market).lines[0].quantity == 1
    assert findings() == []


def test_canceling_after_the_release_sells_nothing_that_is_not_there(market: MarketContext) -> None:
    game = presale_in(market)
    order = placed_order(market, (game, 4))
    release_presale(variant_id=game.pk)

    cancel_order(number=order.number, reason="No")

    assert StockItem.objects.get(variant=game).available == 0


def test_a_moved_day_is_told_and_gives_the_right_to_cancel(market: MarketContext) -> None:
    game = presale_in(market)
    order = paid_order(market, (game, 1))
    line = order.lines.get()
    with pytest.raises(NoRightToCancel):
        cancel_moved_line(number=order.number, line_id=line.pk)
    before = parcel_of(order).eta_to

    put_presale(variant_id=game.pk, terms=PresaleTerms(release_on=in_days(51), warehouse_code="LEJ"))
    drain()

    parcel = parcel_of(order)
    assert parcel.not_before == in_days(51)
    assert before is not None
    assert parcel.eta_to is not None
    assert parcel.eta_to >= before + timedelta(days=21)
    message = Message.objects.get(kind="release_moved")
    assert message.language == order.language
    cancel_moved_line(number=order.number, line_id=line.pk)
    cancel_moved_line(number=order.number, line_id=line.pk)
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CANCELED
    assert order.refunds.get().amount == order.total
    assert presale_of(game).sold == 0


def test_canceling_the_moved_line_keeps_the_rest_of_the_order(market: MarketContext) -> None:
    game, cup = presale_in(market), item_in(market, code="cup")
    order = paid_order(market, (cup, 1), (game, 1))
    put_presale(variant_id=game.pk, terms=PresaleTerms(release_on=in_days(60), warehouse_code="LEJ"))
    drain()
    line = order.lines.get(variant=game)

    cancel_moved_line(number=order.number, line_id=line.pk)

    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.lifecycle, line.qty_canceled) == (Lifecycle.CONFIRMED, 1)
    assert order.refunds.get().amount == line.line_total
    assert PresaleClaim.objects.get().ended
    assert findings() == []


@pytest.mark.parametrize("days", [0, -3])
def test_a_day_that_has_come_is_refused(market: MarketContext, days: int) -> None:
    cup = item_in(market)

    with pytest.raises(PresaleProblem):
        presale_in(market, variant=cup, days=days)


def test_a_part_of_a_set_cannot_be_sold_ahead(market: MarketContext) -> None:
    cup, pot = item_in(market, code="cup"), item_in(market, code="pot")
    the_set = set_in(market, (cup, 1, 1), (pot, 1, 1))

    for variant in (cup, the_set):
        with pytest.raises(PresaleProblem):
            presale_in(market, variant=variant)


def test_an_expired_order_gives_its_pieces_back(market: MarketContext) -> None:
    game = presale_in(market, most_in_all=2)
    order = placed_order(market, (game, 2))
    Order.objects.filter(pk=order.pk).update(pay_by=timezone.now() - timedelta(minutes=1))

    assert expire_unpaid_orders() == 1
    assert presale_of(game).sold == 0
