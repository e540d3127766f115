"""What is in a box beside what belongs into it. Reads only."""

from collections.abc import Iterable, Mapping

from orders.floor.errors import NotAllScanned
from orders.floor.goods import Goods, goods_of
from orders.models import Fulfillment, PackCount, ParcelPacking


def counts_of(parcel: Fulfillment) -> dict[str, int]:
    """By stock's reference, how many pieces were scanned into the box of a parcel."""
    return dict(PackCount.objects.filter(fulfillment=parcel).values_list("ref", "scanned"))


def differing(goods: Iterable[Goods], counts: Mapping[str, int]) -> tuple[str, ...]:
    """Article numbers of which another number is in the box than belongs into it.

    What was scanned and does not belong there any more is named by its reference.
    """
    wanted = {one.ref: one for one in goods}
    wrong = [one.sku for one in wanted.values() if counts.get(one.ref, 0) != one.pieces]
    return (*wrong, *sorted(ref for ref, count in counts.items() if count and ref not in wanted))


def refuse_changed_box(parcel: Fulfillment, packing: ParcelPacking) -> None:
    """Raises `NotAllScanned` when the order was changed after its box was closed: what is in it is not what is sent.

    A box that was closed unchecked was never compared, so it is not compared here either.
    """
    wrong = () if packing.unchecked_reason else differing(goods_of(parcel), counts_of(parcel))
    if wrong:
        raise NotAllScanned(wrong)
