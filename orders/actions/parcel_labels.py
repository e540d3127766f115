"""Labels of parcels: what they cost where, bought for a parcel that may leave, and the parcel sent with one."""

from dataclasses import dataclass

from core.errors import DomainError
from inventory.actions.labels import buy_label, cancel_label, give_up_label, standing_label
from inventory.carriers.protocols import Labels, Rates
from inventory.carriers.registry import ability, accounts_that, can
from inventory.carriers.types import Rate
from inventory.errors import LabelGone
from inventory.models import CarrierAccount, LabelRecord, LabelState
from orders.actions.packing import forget_number
from orders.actions.shipping import refuse_to_leave, ship_fulfillment
from orders.logistics.shipments import shipment_of
from orders.models import Fulfillment


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A rate of an account. `sells` tells whether a label can be bought there, or only the price is known."""

    account: str
    carrier: str
    rate: Rate
    sells: bool


@dataclass(frozen=True, kw_only=True)
class Box:
    """The packed box, as it was weighed and measured; zeros where nobody did."""

    weight_g: int = 0
    sides_mm: tuple[int, int, int] = (0, 0, 0)


def offers_for(*, fulfillment_id: int, box: Box) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """What every account asks for the parcel, cheapest first within each currency; and who did not answer.

    Call it with no transaction open. Raises what `shipment_of` raises.
    """
    parcel = _parcel(fulfillment_id)
    shipment = shipment_of(parcel, weight_g=box.weight_g, sides_mm=box.sides_mm)
    found: list[Offer] = []
    silent: list[str] = []
    for account in accounts_that(Rates, warehouse_code=parcel.warehouse_code):
        try:
            rates = ability(account, Rates).rates(shipment)
        except DomainError:
            silent.append(account.name)
            continue
        sells = can(account, Labels)
        found += [Offer(account=account.code, carrier=account.name, rate=rate, sells=sells) for rate in rates]
    found.sort(key=lambda one: (one.rate.cost.currency.code, one.rate.cost.amount))
    return tuple(found), tuple(silent)


def buy_parcel_label(*, fulfillment_id: int, account: str, service: str, box: Box, key: str) -> LabelRecord:
    """Buy a label for a parcel that may leave: paid, not held, released, and ready for customs.

    Raises what stops the parcel, what `shipment_of` raises, and what `buy_label` raises. No transaction is open.
    """
    refuse_to_leave(fulfillment_id=fulfillment_id)
    parcel = _parcel(fulfillment_id)
    shipment = shipment_of(parcel, weight_g=box.weight_g, sides_mm=box.sides_mm)
    return buy_label(
        shipment=shipment, account_code=account, service=service, warehouse_code=parcel.warehouse_code, key=key
    )


def give_back_label(*, fulfillment_id: int, reason: str) -> LabelRecord:
    """Give the label of a parcel back that has not left; a box that waits under its number is without one then.

    Raises `LabelGone` for one that has left, and as `cancel_label`.
    """
    parcel = _parcel(fulfillment_id)
    label = standing_label(str(parcel.pk))
    if label is None or parcel.has_left:
        raise LabelGone
    canceled = cancel_label(label_id=label.pk, reason=reason)
    forget_number(fulfillment_id=fulfillment_id, tracking_no=label.tracking_no)
    return canceled


def ask_label_again(*, fulfillment_id: int) -> LabelRecord:
    """Ask once more for a label whose carrier did not answer, under its own key.

    Where the carrier knows keys, it gives what it made already. The box is as heavy as it was; its measures are not
    asked for again. Raises `LabelGone` without such a label, `LabelInProgress`, and as `buy_label`. No transaction is
    open.
    """
    label = standing_label(str(fulfillment_id))
    if label is None or label.state != LabelState.ASKED:
        raise LabelGone
    return buy_label(
        shipment=shipment_of(_parcel(fulfillment_id), weight_g=label.weight_g),
        account_code=label.account.code,
        service=label.service,
        warehouse_code=label.warehouse_code,
        key=label.op_key,
    )


def give_up_parcel_label(*, fulfillment_id: int, reason: str) -> LabelRecord:
    """The carrier never made the label that it was asked for. Raises `LabelGone`, `LabelInProgress`."""
    label = standing_label(str(fulfillment_id))
    if label is None:
        raise LabelGone
    return give_up_label(label_id=label.pk, reason=reason)


def ship_with_label(*, fulfillment_id: int) -> Fulfillment:
    """The parcel leaves with the label it has. Raises `LabelGone` without one."""
    label = standing_label(str(fulfillment_id))
    if label is None or label.state != LabelState.BOUGHT:
        raise LabelGone
    return ship_fulfillment(
        fulfillment_id=fulfillment_id,
        carrier=label.carrier,
        tracking_no=label.tracking_no,
        tracking_url=label.tracking_url,
        weight_g=label.weight_g,
    )


def sellers_for(parcel: Fulfillment) -> list[CarrierAccount]:
    """Accounts at which a label for the parcel can be bought."""
    return accounts_that(Labels, warehouse_code=parcel.warehouse_code)


def _parcel(fulfillment_id: int) -> Fulfillment:
    return Fulfillment.objects.select_related("order").get(pk=fulfillment_id)
