"""FedEx Track API v1."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "oc": Is.LABEL_CREATED,
    "ap": Is.INFO_RECEIVED,
    "om": Is.INFO_RECEIVED,
    "ep": Is.INFO_RECEIVED,
    "pu": Is.PICKED_UP,
    "px": Is.PICKED_UP,
    "do": Is.PICKED_UP,
    "ip": Is.PICKED_UP,
    "it": Is.IN_TRANSIT,
    "ar": Is.IN_TRANSIT,
    "dp": Is.IN_TRANSIT,
    "af": Is.IN_TRANSIT,
    "ax": Is.IN_TRANSIT,
    "eo": Is.IN_TRANSIT,
    "fd": Is.IN_TRANSIT,
    "hp": Is.PICKUP,
    "hl": Is.PICKUP,
    "tr": Is.IN_TRANSIT,
    "cc": Is.CUSTOMS_RELEASED,
    "cd": Is.CUSTOMS_ASKS,
    "cp": Is.CUSTOMS,
    "ed": Is.CUSTOMS,
    "od": Is.OUT_FOR_DELIVERY,
    "dl": Is.DELIVERED,
    "de": Is.DELIVERY_FAILED,
    "dy": Is.DELAYED,
    "se": Is.DELAYED,
    "dd": Is.DELAYED,
    "ca": Is.CANCELLED,
    "rs": Is.RETURNING,
    "rd": Is.RETURNING,
    "rp": Is.RETURNING,
    "di": Is.DAMAGED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every result of every number that was asked for."""
    return named(
        _result(result, words, asked=text(group, "trackingNumber"))
        for group in rows(payload, "output", "completeTrackResults")
        for result in rows(group, "trackResults")
    )


def _result(result: dict[str, Any], words: Words, *, asked: str) -> Tracking:
    number = text(result, "trackingNumberInfo", "trackingNumber") or asked
    eta = day(text(result, "estimatedDeliveryTimeWindow", "window", "ends"))
    return tracking(
        number,
        (_event(scan, words) for scan in rows(result, "scanEvents")),
        carrier="FedEx",
        eta=eta or _estimated(result),
        refs=[asked],
    )


def _estimated(result: dict[str, Any]) -> Any:
    kinds = ("ESTIMATED_DELIVERY", "COMMITMENT", "ANTICIPATED_TENDER")
    found = {text(one, "type"): day(text(one, "dateTime")) for one in rows(result, "dateAndTimes")}
    return next((found[kind] for kind in kinds if found.get(kind)), None)


def _event(scan: dict[str, Any], words: Words) -> Tracked | None:
    where = dig(scan, "scanLocation")
    code = text(scan, "eventType") or text(scan, "derivedStatusCode")
    said = text(scan, "eventDescription") or text(scan, "derivedStatus")
    exception = text(scan, "exceptionDescription")
    return event(
        words,
        CODES,
        code=code,
        at=moment(text(scan, "date")),
        said=" – ".join(part for part in (said, exception) if part),
        by=said,
        place=place(text(where, "city"), text(where, "stateOrProvinceCode"), text(where, "countryCode")),
    )
