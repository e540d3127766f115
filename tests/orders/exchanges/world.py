"""Goods with a sibling, orders that were delivered, and returns that want the sibling."""

from catalog.models import Variant
from core.money import Money, from_minor
from inventory.models import Warehouse
from markets.types import MarketContext
from orders.actions.exchanging import Shown, exchange_of, reckon, settle_exchange
from orders.actions.returns import ReturnAsked, ReturnItem, approve_return, ask_return
from orders.actions.returns_closing import Settlement
from orders.actions.returns_receiving import inspect_unit, receive_units
from orders.models import AftersalesPolicy, Order, Resolution, ReturnRequest
from orders.returning.settling import proposals, proposed_wishes
from tests.factories.catalog import make_product, option
from tests.factories.inventory import stocked
from tests.orders.returns.world import verdict


def two_sizes(market: MarketContext, small: str, large: str, *, stock: int = 5) -> tuple[Variant, Variant]:
    """One product in two sizes with a price each, and pieces of both on the market's shelves."""
    option("size", {"s": None, "l": None})
    product = make_product(options={"size": ["s", "l"]}, prices={market.code: [small, large]}, stock=stock)
    place = Warehouse.objects.filter(priorities__market__code=market.code).earliest("pk")
    variants = list(product.variants.order_by("position"))
    for variant in variants:
        stocked(variant, stock, warehouse=place)
    return variants[0], variants[1]


def promise(market: MarketContext, **facts: str) -> AftersalesPolicy:
    """A market that exchanges."""
    return AftersalesPolicy.objects.create(market=market.code, resolutions=[Resolution.EXCHANGE], **facts)


def wants(order: Order, variant: Variant, units: int = 1, *, key: str = "form-1") -> ReturnRequest:
    """A return that asks for the other variant."""
    line = order.lines.get()
    item = ReturnItem(line_id=line.pk, quantity=units, wanted_id=variant.pk)
    asked = ReturnAsked(key=key, items=(item,), reason="too_small", resolution=Resolution.EXCHANGE)
    return ask_return(number=order.number, asked=asked)


def came_back(request: ReturnRequest) -> ReturnRequest:
    """Agreed to, arrived, and looked at: as new, back into stock."""
    approve_return(return_number=request.number)
    return seen(request)


def seen(request: ReturnRequest) -> ReturnRequest:
    """Arrived and looked at."""
    lines = list(request.lines.all())
    receive_units(return_number=request.number, counts={line.pk: line.quantity for line in lines})
    for line in lines:
        for nth in range(1, line.quantity + 1):
            inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(nth))
    request.refresh_from_db()
    return request


def settlement_of(request: ReturnRequest) -> Settlement:
    """As it is proposed."""
    return Settlement(lines=proposed_wishes(proposals(request)), shipping=False, reason="Other size")


def shown_for(request: ReturnRequest) -> Shown:
    """What an operator would be shown."""
    reckoned = reckon(request, exchange_of(request), settlement_of(request))
    currency = request.order.currency
    return Shown(worth=from_minor(reckoned.worth, currency), total=from_minor(reckoned.total, currency))


def settled(request: ReturnRequest) -> ReturnRequest:
    """Settled as it is shown."""
    settlement, shown = settlement_of(request), shown_for(request)
    settle_exchange(return_number=request.number, settlement=settlement, shown=shown)
    request.refresh_from_db()
    return request


def euros(amount: str) -> Money:
    return Money(amount, "EUR")
