"""17TRACK v2.x: what it pushes and what it answers. Sub-statuses are exact, main statuses stand behind them."""

from collections.abc import Iterator
from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

MAIN = {
    "notfound": Is.LABEL_CREATED,
    "inforeceived": Is.INFO_RECEIVED,
    "intransit": Is.IN_TRANSIT,
    "expired": Is.EXPIRED,
    "availableforpickup": Is.PICKUP,
    "outfordelivery": Is.OUT_FOR_DELIVERY,
    "deliveryfailure": Is.DELIVERY_FAILED,
    "delivered": Is.DELIVERED,
    "exception": Is.DELAYED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """A push carries one number, an answer its accepted ones."""
    return named(_number(one, words) for one in _numbers(payload))


def _numbers(payload: Any) -> Iterator[dict[str, Any]]:
    inner = dig(payload, "data")
    yield from rows(inner, "accepted")
    if text(inner, "number"):
        yield inner


def _number(one: dict[str, Any], words: Words) -> Tracking:
    info = dig(one, "track_info")
    window = dig(info, "time_metrics", "estimated_delivery_date")
    told = [_event(said, words) for source in rows(info, "tracking", "providers") for said in rows(source, "events")]
    newest = text(dig(info, "latest_status"), "sub_status")
    if newest and not any(found and found.carrier_code == newest for found in told):
        told.append(_latest(info, words, newest))
    names = [text(source, "provider", "name") for source in rows(info, "tracking", "providers")]
    return tracking(
        text(one, "number"),
        told,
        carrier=next((name for name in names if name), ""),
        eta=day(text(window, "to") or text(window, "from")),
    )


def _event(said: dict[str, Any], words: Words) -> Tracked | None:
    sub, stage = text(said, "sub_status"), text(said, "stage")
    sentence = text(said, "description")
    where = dig(said, "address")
    return event(
        words,
        _behind(sub, stage),
        code=sub or stage,
        level="sub_status",
        at=moment(text(said, "time_utc") or text(said, "time_iso")),
        said=sentence,
        place=text(said, "location") or place(text(where, "city"), text(where, "country")),
    )


def _latest(info: Any, words: Words, newest: str) -> Tracked | None:
    """The status that no event carries, at the moment of the newest event."""
    latest = dig(info, "latest_event")
    return event(
        words,
        _behind(newest, ""),
        code=newest,
        level="sub_status",
        at=moment(text(latest, "time_utc") or text(latest, "time_iso")),
        said=text(latest, "description"),
        place=text(latest, "location"),
    )


def _behind(sub: str, stage: str) -> dict[str, str]:
    """The main status of a sub-status that nobody knows."""
    main = sub.partition("_")[0].lower()
    return (
        {sub.lower(): MAIN[main]}
        if main in MAIN
        else {stage.lower(): MAIN[stage.lower()]}
        if stage.lower() in MAIN
        else {}
    )
