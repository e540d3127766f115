"""The seam to transfers between warehouses: drafting one, and what comes and goes by them."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Sum

from inventory.models import Transfer, TransferLine
from inventory.stockwork.incoming import incoming
from inventory.stockwork.transfers import draft_transfer


def draft(*, from_code: str, to_code: str, pieces: Mapping[int, int], op_key: str) -> str:
    """Plan a transfer of these variants; returns its number. The same `op_key` plans one."""
    return draft_transfer(from_code=from_code, to_code=to_code, lines=dict(pieces), op_key=op_key).number


def coming_by_transfer(variant_ids: Collection[int] | None = None) -> dict[tuple[int, int], int]:
    """Pieces planned or on their way to each warehouse, by (warehouse, variant). Two queries."""
    found = defaultdict(int, incoming(variant_ids))
    for spot, pieces in _planned("to_warehouse", variant_ids).items():
        found[spot] += pieces
    return dict(found)


def leaving_by_transfer() -> dict[tuple[int, int], int]:
    """Pieces that a planned transfer will still take from each warehouse, by (warehouse, variant). One query.

    Those that are set aside already are no longer free; only drafts are counted.
    """
    return _planned("from_warehouse", None)


def _planned(end: str, variant_ids: Collection[int] | None) -> dict[tuple[int, int], int]:
    rows = TransferLine.objects.filter(transfer__state=Transfer.State.DRAFT).order_by()
    if variant_ids is not None:
        rows = rows.filter(variant__in=variant_ids)
    sums = rows.values_list(f"transfer__{end}", "variant").annotate(pieces=Sum("quantity"))
    return {(warehouse, variant): pieces for warehouse, variant, pieces in sums}
