"""What a parcel's events come to. Pure: the order in which they are told does not matter, only when they happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.carriers.canonical import GROUPS, MAY_STILL_END, SILENT, TERMINAL
from inventory.carriers.canonical import Canonical as Is
from orders.models import ParcelState


@dataclass(frozen=True, kw_only=True)
class Said:
    """One event: what it was, when and where."""

    code: str
    at: datetime
    place: str = ""
    text: str = ""


STATES: Mapping[str, ParcelState] = {
    Is.PICKED_UP: ParcelState.IN_TRANSIT,
    Is.IN_TRANSIT: ParcelState.IN_TRANSIT,
    Is.EXPORT_DEPARTED: ParcelState.IN_TRANSIT,
    Is.ARRIVED: ParcelState.IN_TRANSIT,
    Is.CUSTOMS: ParcelState.CUSTOMS,
    Is.CUSTOMS_ASKS: ParcelState.CUSTOMS,
    Is.CUSTOMS_RELEASED: ParcelState.IN_TRANSIT,
    Is.OUT_FOR_DELIVERY: ParcelState.OUT_FOR_DELIVERY,
    Is.PICKUP: ParcelState.OUT_FOR_DELIVERY,
    Is.DELIVERY_FAILED: ParcelState.EXCEPTION,
    Is.DELIVERED: ParcelState.DELIVERED,
    Is.DELAYED: ParcelState.EXCEPTION,
    Is.DAMAGED: ParcelState.EXCEPTION,
    Is.LOST: ParcelState.LOST,
    Is.REFUSED: ParcelState.EXCEPTION,
    Is.RETURNING: ParcelState.EXCEPTION,
    Is.RETURNED: ParcelState.RETURNED_TO_SENDER,
    Is.DESTROYED: ParcelState.LOST,
    Is.CANCELLED: ParcelState.EXCEPTION,
    Is.EXPIRED: ParcelState.EXCEPTION,
}
"""The parcel's state by what was said; what stands not here moves no parcel."""

OF_STATE: Mapping[str, Is] = {
    ParcelState.HANDED_OVER: Is.INFO_RECEIVED,
    ParcelState.IN_TRANSIT: Is.IN_TRANSIT,
    ParcelState.CUSTOMS: Is.CUSTOMS,
    ParcelState.OUT_FOR_DELIVERY: Is.OUT_FOR_DELIVERY,
    ParcelState.DELIVERED: Is.DELIVERED,
    ParcelState.EXCEPTION: Is.DELAYED,
    ParcelState.LOST: Is.LOST,
    ParcelState.RETURNED_TO_SENDER: Is.RETURNED,
}
"""What an event without an exact status was, by the state it was told with."""


def standing(events: Iterable[Said]) -> Said | None:
    """The event that says where a package stands; None when nothing that counts was said.

    The newest one, save that nothing comes back from an end, unknown codes move nothing, and papers that are announced
    late do not undo that the parcel travels.
    """
    found: Said | None = None
    for said in sorted(events, key=lambda one: one.at):
        if said.code not in SILENT and _may_follow(found, said):
            found = said
    return found


def _may_follow(before: Said | None, said: Said) -> bool:
    if before is None:
        return True
    if before.code in TERMINAL:
        return said.code in TERMINAL and before.code in MAY_STILL_END
    return not (GROUPS[said.code] == "preparing" and GROUPS[before.code] != "preparing")


def parcel_state(statuses: Sequence[Said | None]) -> ParcelState | None:
    """The state of a parcel of one or more packages; None when nothing moves it.

    It is there when all its packages are. Until then the one that was heard of last, of those still to come, speaks.
    """
    known = [one for one in statuses if one is not None and one.code in STATES]
    if not known:
        return None
    open_ones = [one for one in known if one.code != Is.DELIVERED]
    if not open_ones:
        return ParcelState.DELIVERED if len(known) == len(statuses) else None
    return STATES[max(open_ones, key=lambda one: one.at).code]
