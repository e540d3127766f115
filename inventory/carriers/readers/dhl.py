"""DHL's one tracking for all its divisions (`api-eu.dhl.com/track/shipments`)."""

from dataclasses import replace
from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "pre-transit": Is.INFO_RECEIVED,
    "transit": Is.IN_TRANSIT,
    "out-for-delivery": Is.OUT_FOR_DELIVERY,
    "delivered": Is.DELIVERED,
    "failure": Is.DELIVERY_FAILED,
}
COARSE = frozenset({"transit", "failure"})
"""Codes that hold much: what the sentence says more exactly counts."""


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every shipment, with the status that stands above its events."""
    inner = dig(payload, "trackingResponse") or payload
    return named(_shipment(one, words) for one in rows(inner, "shipments"))


def _shipment(one: dict[str, Any], words: Words) -> Tracking:
    told = [*rows(one, "status"), *rows(one, "events")]
    eta = day(text(one, "estimatedTimeOfDelivery") or text(one, "estimatedDeliveryTimeFrame", "estimatedThrough"))
    pieces = dig(one, "details", "pieceIds")
    refs = [text(ref) for ref in pieces if isinstance(ref, str)] if isinstance(pieces, list) else []
    return tracking(text(one, "id"), (_event(said, words) for said in told), carrier="DHL", eta=eta, refs=refs)


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    code = text(one, "statusCode")
    sentence = text(one, "description") or text(one, "status") or text(one, "remark")
    where = dig(one, "location", "address")
    found = event(
        words,
        CODES,
        code=code,
        at=moment(text(one, "timestamp")),
        said=sentence,
        place=place(text(where, "addressLocality"), text(where, "countryCode")),
    )
    return _finer(found, words, text(one, "remark")) if found and code.lower() in COARSE else found


def _finer(found: Tracked, words: Words, remark: str) -> Tracked:
    """Customs, collection and damage have no code of their own here; the sentence names them."""
    by_words = words.of("text", "", {}, f"{found.text} {remark}")
    coarse = {str(Is.UNKNOWN), str(Is.IN_TRANSIT), str(Is.DELIVERED), str(Is.PICKED_UP), str(Is.INFO_RECEIVED)}
    if by_words in coarse:
        return found
    return replace(found, code=by_words)
