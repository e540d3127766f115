"""Which warehouses a sales channel may sell from. Asked with every plan, so it costs nothing while it is known."""

from collections import defaultdict

from inventory.models import Channel, ChannelStock, Warehouse
from markets.cache import remembered

WEB = "web"
"""Our own pages. They need no row of their own: without one they share the stock that belongs to nobody else."""

OURS = frozenset({WEB, "shop", ""})
"""What our own pages are called: orders that were placed there say `shop`."""


def closed_to(channel: str) -> frozenset[int]:
    """Warehouses the channel may not sell from.

    A warehouse that belongs to channels with stock of their own is closed to all others; a channel with stock of its
    own sells from nothing else, and a channel that is not active sells nothing. One query when cold.
    """
    code = WEB if channel in OURS else channel
    return remembered(("closed-warehouses", code), lambda: _read(code))


def _read(channel: str) -> frozenset[int]:
    owned: defaultdict[str, set[int]] = defaultdict(set)
    rows = ChannelStock.objects.filter(channel__stock=Channel.Stock.SEPARATE, channel__is_active=True)
    for code, warehouse in rows.values_list("channel__code", "warehouse_id"):
        owned[code].add(warehouse)
    if channel in owned:
        return frozenset(Warehouse.objects.values_list("pk", flat=True)) - owned[channel]
    known = Channel.objects.filter(code=channel).values_list("stock", "is_active").first() if channel != WEB else None
    if known is not None and (known[0] == Channel.Stock.SEPARATE or not known[1]):
        return frozenset(Warehouse.objects.values_list("pk", flat=True))
    return frozenset(pk for places in owned.values() for pk in places)
