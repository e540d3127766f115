"""The seam to transfers between warehouses: drafting one, and what is on its way by them."""

from collections import defaultdict
from collections.abc import Mapping
from importlib.util import find_spec

TRANSFERS = "inventory.stockwork"


def has_transfers() -> bool:
    """Whether the shop can move goods between its warehouses at all."""
    return find_spec(TRANSFERS) is not None


def draft(*, from_code: str, to_code: str, pieces: Mapping[int, int], op_key: str) -> str:
    """Plan a transfer of these variants; returns its number. The same `op_key` plans one."""
    from inventory.stockwork.transfers import draft_transfer  # noqa: PLC0415 (only where transfers are installed)

    made = draft_transfer(from_code=from_code, to_code=to_code, lines=dict(pieces), op_key=op_key)
    return str(made.number)


def coming_by_transfer() -> dict[tuple[int, int], int]:
    """Pieces planned or on their way to each warehouse, by (warehouse, variant). One query."""
    if not has_transfers():
        return {}
    from inventory.models import TransferLine  # noqa: PLC0415 (as above)

    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    rows = TransferLine.objects.filter(transfer__state__in=["draft", "ready", "in_transit", "partly_received"])
    for line in rows.select_related("transfer"):
        left = line.shipped or line.quantity
        found[line.transfer.to_warehouse_id, line.variant_id] += max(left - line.received - line.lost, 0)
    return dict(found)


def leaving_by_transfer() -> dict[tuple[int, int], int]:
    """Pieces that a planned transfer will still take from each warehouse, by (warehouse, variant). One query.

    Those that are set aside already are no longer free; only drafts are counted.
    """
    if not has_transfers():
        return {}
    from inventory.models import TransferLine  # noqa: PLC0415 (as above)

    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    for line in TransferLine.objects.filter(transfer__state="draft").select_related("transfer"):
        found[line.transfer.from_warehouse_id, line.variant_id] += line.quantity
    return dict(found)
