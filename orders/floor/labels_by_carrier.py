"""Labels from the carriers' accounts: what a box costs, its label, and the list at the close of the day."""

from collections.abc import Sequence

from inventory.actions.labels import buy_label, cancel_label, hand_over, print_labels, standing_label
from inventory.carriers.protocols import Labels, Rates
from inventory.carriers.registry import ability, accounts_that, can
from inventory.carriers.types import Parcel, Rate

from core.errors import DomainError
from inventory.models import CarrierAccount, LabelRecord, LabelState
from orders.actions.packing import Way
from orders.floor.errors import NotPacked
from orders.floor.labelling import LabelFile, LabelFormat, LabelOffer
from orders.logistics.shipments import shipment_of
from orders.models import Fulfillment, ParcelPacking

BETWEEN = "|"
"""Between the account and the service in the key of an offer."""


class CarrierLabels:
    """`LabelDesk` over the carriers' protocols."""

    def offers(self, fulfillment_id: int) -> Sequence[LabelOffer]:
        """Every service of every account that can make labels. An account that is silent offers nothing now."""
        parcel = _parcel(fulfillment_id)
        shipment = shipment_of(parcel, box=_box(parcel))
        found: list[LabelOffer] = []
        for account in accounts_that(Labels, warehouse_code=parcel.warehouse_code):
            if not can(account, Rates):
                continue
            try:
                rates = ability(account, Rates).rates(shipment)
            except DomainError:
                continue
            found += [_offer(account, rate) for rate in rates]
        return sorted(found, key=lambda one: (one.price.currency.code, one.price.amount, one.key))

    def buy(self, fulfillment_id: int, offer: str, key: str) -> Way:
        """Buy it. Raises what `buy_label` raises."""
        parcel = _parcel(fulfillment_id)
        account, _, service = offer.partition(BETWEEN)
        record = buy_label(
            shipment=shipment_of(parcel, box=_box(parcel)),
            account_code=account,
            service=service,
            warehouse_code=parcel.warehouse_code,
            key=key,
        )
        return Way(
            carrier=record.carrier,
            service=record.service,
            tracking_no=record.tracking_no,
            tracking_url=record.tracking_url,
        )

    def give_back(self, fulfillment_id: int, reason: str) -> None:
        """Cancel it."""
        found = standing_label(str(fulfillment_id))
        if found is not None:
            cancel_label(label_id=found.pk, reason=reason)

    def bought(self, fulfillment_ids: Sequence[int]) -> Sequence[LabelFile]:
        """One query."""
        found = _records(fulfillment_ids)
        return [
            LabelFile(fulfillment_id=pk, format=found[pk].format)  # type: ignore[arg-type]  # one of the formats
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


def _parcel(fulfillment_id: int) -> Fulfillment:
    return Fulfillment.objects.select_related("order", "packing").get(pk=fulfillment_id)


def _box(parcel: Fulfillment) -> Parcel:
    """Raises `NotPacked`."""
    packing = ParcelPacking.objects.filter(fulfillment=parcel).first()
    if packing is None:
        raise NotPacked
    return Parcel(
        weight_g=packing.weight_g,
        length_mm=packing.length_mm,
        width_mm=packing.width_mm,
        height_mm=packing.height_mm,
    )


def _offer(account: CarrierAccount, rate: Rate) -> LabelOffer:
    return LabelOffer(
        key=f"{account.code}{BETWEEN}{rate.service}",
        carrier=account.name,
        service=rate.name,
        price=rate.cost,
        days_min=rate.days_min,
        days_max=rate.days_max,
    )


def _records(fulfillment_ids: Sequence[int]) -> dict[int, LabelRecord]:
    rows = LabelRecord.objects.filter(parcel_ref__in=[str(pk) for pk in fulfillment_ids], state=LabelState.BOUGHT)
    return {int(row.parcel_ref): row for row in rows.select_related("account")}
