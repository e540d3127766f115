"""Labels from the carriers' accounts: what a box costs, its label, and the list at the close of the day."""

from collections.abc import Sequence

from inventory.actions.labels import hand_over, print_labels, standing_label
from inventory.models import LabelRecord, LabelState
from orders.actions.packing import Way
from orders.actions.parcel_labels import Box, Offer, buy_parcel_label, give_back_label, offers_for
from orders.floor.errors import NotPacked
from orders.floor.labelling import LabelFile, LabelFormat, LabelOffer
from orders.models import ParcelPacking

BETWEEN = "|"
"""Between the account and the service in the key of an offer."""


class CarrierLabels:
    """`LabelDesk` over the carriers' accounts."""

    def offers(self, fulfillment_id: int) -> Sequence[LabelOffer]:
        """Every service at which a label can be bought. An account that is silent offers nothing now."""
        found, _silent = offers_for(fulfillment_id=fulfillment_id, box=_box(fulfillment_id))
        return [_offer(one) for one in found if one.sells]

    def buy(self, fulfillment_id: int, offer: str, key: str) -> Way:
        """Buy it. Raises what `buy_parcel_label` raises."""
        account, _, service = offer.partition(BETWEEN)
        record = buy_parcel_label(
            fulfillment_id=fulfillment_id, account=account, service=service, box=_box(fulfillment_id), key=key
        )
        return Way(
            carrier=record.carrier,
            service=record.service,
            tracking_no=record.tracking_no,
            tracking_url=record.tracking_url,
        )

    def give_back(self, fulfillment_id: int, reason: str) -> None:
        """Cancel it, if there is one."""
        if standing_label(str(fulfillment_id)) is not None:
            give_back_label(fulfillment_id=fulfillment_id, reason=reason)

    def bought(self, fulfillment_ids: Sequence[int]) -> Sequence[LabelFile]:
        """One query."""
        found = _records(fulfillment_ids)
        return [
            LabelFile(fulfillment_id=pk, format="zpl" if found[pk].format == "zpl" else "pdf")
            for pk in fulfillment_ids
            if pk in found
        ]

    def printed(self, fulfillment_ids: Sequence[int], wanted: LabelFormat) -> bytes:
        """Joined. Raises `LabelGone`."""
        found = _records(fulfillment_ids)
        return print_labels(label_ids=[found[pk].pk for pk in fulfillment_ids if pk in found], wanted=wanted)

    def announce(self, warehouse_code: str, fulfillment_ids: Sequence[int]) -> str:
        """Close the day with every account that sold a label of these; their numbers, one after the other."""
        accounts = {record.account.code for record in _records(fulfillment_ids).values() if not record.manifest_ref}
        lists = [hand_over(account_code=code, warehouse_code=warehouse_code) for code in sorted(accounts)]
        return ", ".join(manifest.number for manifest, _count in lists)


def _box(fulfillment_id: int) -> Box:
    """Raises `NotPacked`."""
    packing = ParcelPacking.objects.filter(fulfillment_id=fulfillment_id).first()
    if packing is None:
        raise NotPacked
    return Box(weight_g=packing.weight_g, sides_mm=(packing.length_mm, packing.width_mm, packing.height_mm))


def _offer(one: Offer) -> LabelOffer:
    return LabelOffer(
        key=f"{one.account}{BETWEEN}{one.rate.service}",
        carrier=one.carrier,
        service=one.rate.name,
        price=one.rate.cost,
        days_min=one.rate.days_min,
        days_max=one.rate.days_max,
    )


def _records(fulfillment_ids: Sequence[int]) -> dict[int, LabelRecord]:
    rows = LabelRecord.objects.filter(parcel_ref__in=[str(pk) for pk in fulfillment_ids], state=LabelState.BOUGHT)
    return {int(row.parcel_ref): row for row in rows.select_related("account")}
