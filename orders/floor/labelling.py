"""Labels as the packing table and the waves show them. Reads only; carriers are asked for prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError
from core.money import Money
from inventory.models import LabelRecord, LabelState
from orders.actions.parcel_labels import Box, Offer, offers_for
from orders.floor.errors import NotPacked
from orders.models import ParcelPacking


@dataclass(frozen=True, kw_only=True)
class LabelOffer:
    """One way to send a box. Days are working days."""

    account: str
    service: str
    carrier: str
    name: str
    price: Money
    days_max: int | None = None


@dataclass(frozen=True, kw_only=True)
class LabelOffers:
    """Services at which a label can be bought, cheapest first; why there are none; and who did not answer."""

    offers: tuple[LabelOffer, ...] = ()
    refusal: str = ""
    silent: tuple[str, ...] = ()


def box_of(fulfillment_id: int) -> Box:
    """A closed box as it was weighed and measured. Raises `NotPacked`."""
    packing = ParcelPacking.objects.filter(fulfillment_id=fulfillment_id).first()
    if packing is None:
        raise NotPacked
    return Box(weight_g=packing.weight_g, sides_mm=(packing.length_mm, packing.width_mm, packing.height_mm))


def label_offers(fulfillment_id: int) -> LabelOffers:
    """What carriers ask for a closed box. No transaction is open. Never raises: a number can always be typed."""
    try:
        found, silent = offers_for(fulfillment_id=fulfillment_id, box=box_of(fulfillment_id))
    except DomainError as refusal:
        return LabelOffers(refusal=str(refusal))
    return LabelOffers(offers=tuple(_offer(one) for one in found if one.sells), silent=silent)


def bought_labels(fulfillment_ids: Sequence[int]) -> dict[int, LabelRecord]:
    """By parcel, the label it has, in the order of the parcels. One query."""
    rows = LabelRecord.objects.filter(parcel_ref__in=[str(pk) for pk in fulfillment_ids], state=LabelState.BOUGHT)
    found = {int(row.parcel_ref): row for row in rows.select_related("account")}
    return {pk: found[pk] for pk in fulfillment_ids if pk in found}


def are_told(fulfillment_ids: Sequence[int]) -> bool:
    """Whether every carrier that sold a label of these knows that they were handed over. One query."""
    return all(record.manifest_ref for record in bought_labels(fulfillment_ids).values())


def _offer(one: Offer) -> LabelOffer:
    return LabelOffer(
        account=one.account,
        service=one.rate.service,
        carrier=one.carrier,
        name=one.rate.name,
        price=one.rate.cost,
        days_max=one.rate.days_max,
    )
