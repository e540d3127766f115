"""What inventory does about events, its own and others'."""

from catalog.actions.stock import note_availability
from catalog.events import OpeningStockTold, PresaleOpened, PresaleReleased, SetChanged, StockTold
from inventory.actions import receive_shipment, review_alerts
from inventory.actions.presales import end_selling_short, sell_short
from inventory.actions.stock import set_counts
from inventory.events import StockChanged
from inventory.models import BackInStock, Warehouse
from inventory.notifications import tell_back_in_stock
from inventory.queries import available, market_stock
from inventory.set_stock import set_stock, sets_with


def tell_catalogue(event: StockChanged) -> None:
    """Pages show what can be bought in their market; they never sell from it."""
    sets = sets_with(event.variant_ids)
    note_availability(
        changes=[*market_stock(event.variant_ids), *set_stock(sets)], variant_ids=[*event.variant_ids, *sets]
    )


def tell_catalogue_of_set(event: SetChanged) -> None:
    """A set holds something else: it can be sold as often as what it holds now."""
    note_availability(changes=set_stock(event.variant_ids), variant_ids=event.variant_ids)


def watch_levels(event: StockChanged) -> None:
    """Alerts open and close as stock moves."""
    review_alerts(variant_ids=event.variant_ids)


def tell_waiting(event: StockChanged) -> None:
    """Who asked to hear of it is told as soon as their own market can sell the variant again."""
    wishes = BackInStock.objects.select_for_update(of=("self",), skip_locked=True)
    for wish in wishes.filter(variant_id__in=event.variant_ids, notified_at=None).select_related("market"):
        if available([wish.variant_id], market_code=wish.market.code).get(wish.variant_id, 0) > 0:
            tell_back_in_stock(wish)


def sell_presale_short(event: PresaleOpened) -> None:
    """Inside: what will come may be promised."""
    sell_short(variant_id=event.variant_id, warehouse_code=event.warehouse_code, most=event.most)


def cover_presale(event: PresaleReleased) -> None:
    """Inside: nothing more is promised than is there."""
    end_selling_short(variant_id=event.variant_id)


def book_opening_stock(event: OpeningStockTold) -> None:
    """What a file says of new variants is their opening stock, in the first warehouse. Booked once per variant."""
    warehouse = Warehouse.objects.filter(is_active=True).order_by("pk").first()
    if warehouse is not None:
        receive_shipment(warehouse_code=warehouse.code, pieces=dict(event.pieces), op_key="opening")


def book_told_stock(event: StockTold) -> None:
    """What a file says is on hand is set like a count; what it does not name stays."""
    set_counts(counts=event.counts, reason=event.reason)
