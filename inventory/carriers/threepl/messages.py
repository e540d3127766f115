"""What another warehouse says: pure reading. Every message may come twice and in any order.

    {"type": "parcel.accepted", "parcel": "…", "reference": "…"}
    {"type": "parcel.shipped",  "parcel": "…", "carrier": "…", "tracking_no": "…", "tracking_url": "…", "weight_g": 900}
    {"type": "parcel.refused",  "parcel": "…", "reason": "out_of_stock | address | damaged | other", "text": "…"}
    {"type": "parcel.stopped",  "parcel": "…"}
    {"type": "stock.counted",   "as_of": "2026-11-22T12:00:00Z", "stock": [{"sku": "…", "on_hand": 12}]}
    {"type": "tracking",        "tracking_no": "…", "events": [{"status": "in_transit", "at": "…", "place": "…"}]}

`status` is one of ours (`Canonical`); another one is unknown. A parcel that left with a part only is told as refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.carriers.canonical import Canonical
from inventory.carriers.readers.building import event, tracking
from inventory.carriers.reading import day, dig, moment, rows, text
from inventory.carriers.types import Tracking
from inventory.carriers.vocabulary import words_of

PROVIDER = "threepl"
PARCEL_KINDS = frozenset({"parcel.accepted", "parcel.shipped", "parcel.refused", "parcel.stopped"})
KINDS = PARCEL_KINDS | {"stock.counted", "tracking"}
REASONS = frozenset({"out_of_stock", "address", "damaged", "other"})
OWN: Mapping[str, str] = {str(one): str(one) for one in Canonical.values}


@dataclass(frozen=True, kw_only=True)
class ParcelNews:
    """What became of a parcel there."""

    kind: str
    parcel_ref: str
    external_ref: str = ""
    carrier: str = ""
    tracking_no: str = ""
    tracking_url: str = ""
    reason: str = ""
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class StockNews:
    """What lies there: pieces on hand by SKU, as they were at `as_of`."""

    as_of: datetime
    on_hand: Mapping[str, int]


def parcel_news(payload: Any) -> ParcelNews | None:
    """What it says of a parcel; None when it names none."""
    kind, ref = text(payload, "type"), text(payload, "parcel")
    if kind not in PARCEL_KINDS or not ref:
        return None
    reason, address = text(payload, "reason"), text(payload, "tracking_url")
    return ParcelNews(
        kind=kind,
        parcel_ref=ref[:40],
        external_ref=text(payload, "reference")[:120],
        carrier=text(payload, "carrier")[:80],
        tracking_no=text(payload, "tracking_no")[:80],
        tracking_url=address if address.startswith("https://") and len(address) <= 200 else "",
        reason=reason if reason in REASONS else "other",
        said=text(payload, "text")[:300],
    )


def stock_news(payload: Any) -> StockNews | None:
    """What it says of stock; None without a moment. Counts below nothing and of nobody are left out."""
    as_of = moment(text(payload, "as_of"))
    if text(payload, "type") != "stock.counted" or as_of is None:
        return None
    counts = {text(one, "sku"): dig(one, "on_hand") for one in rows(payload, "stock")}
    return StockNews(
        as_of=as_of,
        on_hand={
            sku: count
            for sku, count in counts.items()
            if sku and isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 10**9
        },
    )


def tracking_of(payload: Any) -> tuple[Tracking, ...]:
    """What it says of a parcel on its way, when it follows that itself."""
    number = text(payload, "tracking_no")
    if text(payload, "type") != "tracking" or not number:
        return ()
    words = words_of(PROVIDER)
    events = (
        event(
            words,
            OWN,
            code=text(one, "status"),
            at=moment(text(one, "at")),
            said=text(one, "text"),
            place=text(one, "place"),
        )
        for one in rows(payload, "events")
    )
    return (tracking(number, events, carrier=text(payload, "carrier"), eta=day(text(payload, "eta"))),)
