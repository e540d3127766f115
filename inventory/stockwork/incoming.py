"""What is on its way to a warehouse from another one: never available, but nothing to buy or send twice."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import F, Sum

from inventory.models import Transfer, TransferLine

COMING = (Transfer.State.READY, Transfer.State.IN_TRANSIT, Transfer.State.PARTLY_RECEIVED)


def incoming(variant_ids: Collection[int] | None = None) -> Mapping[tuple[int, int], int]:
    """Pieces by (warehouse, variant) that transfers bring: set aside or on their way; of all variants without any.

    One query.
    """
    rows = TransferLine.objects.filter(transfer__state__in=COMING).order_by()
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=variant_ids)
    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    on_the_way = F("shipped") - F("received") - F("lost")
    sums = rows.values_list("transfer__to_warehouse", "variant", "transfer__state").annotate(
        wanted=Sum("quantity"), left=Sum(on_the_way)
    )
    for warehouse, variant, state, wanted, left in sums:
        found[warehouse, variant] += wanted if state == Transfer.State.READY else left
    return {key: pieces for key, pieces in found.items() if pieces}
