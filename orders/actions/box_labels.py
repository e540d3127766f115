"""Labels of closed boxes: bought by what was weighed, written down with their number, and told to their carriers."""

from collections.abc import Sequence

from inventory.actions.labels import hand_over, standing_label
from inventory.errors import LabelGone
from inventory.models import STANDING, LabelRecord, LabelState
from orders.actions.packing import Way, name_way, reopen_packing
from orders.actions.parcel_labels import buy_parcel_label, give_back_label
from orders.floor.errors import NotPacked
from orders.floor.labelling import bought_labels, box_of
from orders.models import Fulfillment, ParcelPacking


def buy_box_label(*, fulfillment_id: int, account: str, service: str) -> ParcelPacking:
    """A label for a closed box, and the box waits for its carrier under its number. Call it with no transaction open.

    Asked again for the same service (a crash between buying and writing down), it is the same label. Raises
    `NotPacked` and what `buy_parcel_label` and `name_way` raise.
    """
    record = buy_parcel_label(
        fulfillment_id=fulfillment_id,
        account=account,
        service=service,
        box=box_of(fulfillment_id),
        key=_key(fulfillment_id, account, service),
    )
    return name_way(fulfillment_id=fulfillment_id, way=_way(record))


def use_label(*, fulfillment_id: int) -> ParcelPacking:
    """The closed box travels with the label that its parcel has already. Raises `LabelGone`, and as `name_way`."""
    record = standing_label(str(fulfillment_id))
    if record is None or record.state != LabelState.BOUGHT:
        raise LabelGone
    return name_way(fulfillment_id=fulfillment_id, way=_way(record))


def open_box(*, fulfillment_id: int, reason: str) -> Fulfillment:
    """Open a closed box; a label that was bought for it is given back first, so nothing is paid for an open box.

    Call it with no transaction open. Raises `NotPacked`, and what giving a label back raises; the box stays closed
    then.
    """
    box = Fulfillment.objects.get(pk=fulfillment_id)
    if box.has_left:
        raise NotPacked
    if standing_label(str(fulfillment_id)) is not None:
        give_back_label(fulfillment_id=fulfillment_id, reason=reason)
    return reopen_packing(fulfillment_id=fulfillment_id)


def announce_labels(*, warehouse_code: str, fulfillment_ids: Sequence[int]) -> str:
    """Tell every account that sold a label of these parcels that they were handed over: these labels and no others.

    Returns the carriers' numbers of their lists, empty where nothing was bought. Asked again, only those that could
    not be reached are told. Call it with no transaction open.
    """
    waiting = [record for record in bought_labels(fulfillment_ids).values() if not record.manifest_ref]
    for account in sorted({record.account.code for record in waiting}):
        mine = [record.pk for record in waiting if record.account.code == account]
        hand_over(account_code=account, warehouse_code=warehouse_code, label_ids=mine)
    numbers = {record.manifest_ref for record in bought_labels(fulfillment_ids).values()}
    return ", ".join(sorted(number for number in numbers if number))


def _key(fulfillment_id: int, account: str, service: str) -> str:
    """Under which the label is asked for: another one once an earlier one was given back or refused."""
    ended = LabelRecord.objects.filter(parcel_ref=str(fulfillment_id)).exclude(state__in=STANDING).count()
    return f"box:{fulfillment_id}:{ended}:{account}:{service}"[:120]


def _way(record: LabelRecord) -> Way:
    return Way(
        carrier=record.carrier,
        service=record.service,
        tracking_no=record.tracking_no,
        tracking_url=record.tracking_url,
    )
