"""What the screens of the warehouse floor are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orders.floor.labelling import LabelOffers
from orders.workspace.types import State


@dataclass(frozen=True, kw_only=True)
class ParcelRow:
    """One parcel in a list of the floor."""

    pk: int
    url: str
    order: str
    order_url: str
    position: int
    country: str
    carrier: str
    placed_at: datetime | None
    promised: date | None
    pieces: int
    is_late: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TotePick:
    """So many pieces of a stop that go into one tote."""

    task: int
    tote: int
    order: str
    quantity: int
    picked: int
    missing: int
    batches: tuple[str, ...] = ()
    """Which batches they are taken of, with pieces where there are several; empty where no batches are kept."""

    @property
    def left(self) -> int:
        """Pieces nobody has looked for yet."""
        return self.quantity - self.picked - self.missing


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One place on the round: a shelf, the goods on it, and how many of them go into which tote."""

    key: str
    shelf: str
    sku: str
    gtin: str
    name: str
    options_text: str
    picks: tuple[TotePick, ...]

    @property
    def left(self) -> int:
        """Pieces still to be taken here."""
        return sum(one.left for one in self.picks)

    @property
    def quantity(self) -> int:
        """Pieces wanted here altogether."""
        return sum(one.quantity for one in self.picks)


@dataclass(frozen=True, kw_only=True)
class ToteRow:
    """A parcel of a wave: its tote, and how far it is."""

    tote: int
    code: str
    parcel_url: str
    order: str
    order_url: str
    pieces: int
    picked: int
    missing: int
    out_because: str


@dataclass(frozen=True, kw_only=True)
class WavePage:
    """A wave for whoever plans it."""

    number: str
    place: str
    place_name: str
    state: State
    made_at: datetime
    picker: str
    stops: tuple[Stop, ...]
    totes: tuple[ToteRow, ...]
    out: tuple[ToteRow, ...]
    pieces: int
    done: int
    may_start: bool
    may_pick: bool
    is_over: bool
    papers: tuple[tuple[str, str], ...]
    """Kinds of papers its parcels may have, with their names."""
    formats: tuple[str, ...]
    """Formats of labels that can be printed for its boxes."""


@dataclass(frozen=True, kw_only=True)
class PickPage:
    """The phone in the picker's hand: where to go now, and what comes then."""

    number: str
    stop: Stop | None
    rows: tuple[tuple[TotePick, Any], ...]
    at: int
    stops: int
    pieces: int
    done: int
    following: str


@dataclass(frozen=True, kw_only=True)
class BoxLine:
    """Goods of a parcel at the packing table."""

    ref: str
    sku: str
    gtin: str
    name: str
    options_text: str
    wanted: int
    scanned: int

    @property
    def is_complete(self) -> bool:
        """Whether as many are in the box as belong there."""
        return self.scanned == self.wanted


@dataclass(frozen=True, kw_only=True)
class PaperLink:
    """A paper that goes with the box: `url` when it is there, else it is made by its kind."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class PackPage:
    """One parcel at the packing table."""

    pk: int
    order: str
    order_url: str
    position: int
    place: str
    place_name: str
    to: tuple[str, ...]
    country: str
    state: State
    step: str
    """`scan`, `way` (closed, needs its number), `ready` (waits for its carrier), `gone`."""
    lines: tuple[BoxLine, ...]
    pieces: int
    scanned: int
    strays: tuple[str, ...]
    tote: str
    shorts: int
    held: str
    customs: tuple[str, ...]
    papers: tuple[PaperLink, ...]
    box: Any
    weight_g: int
    offers: LabelOffers
    standing: str
    """The number of a label that was bought already and is not the box's yet."""
    has_label: bool


@dataclass(frozen=True, kw_only=True)
class CarrierPile:
    """The boxes that wait for one carrier."""

    carrier: str
    rows: tuple[ParcelRow, ...]
    weight_g: int


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """A parcel on a list of a hand-over."""

    position: int
    order: str
    order_url: str
    tracking_no: str
    country: str
    weight_g: int
    state: State
    refusal: str


@dataclass(frozen=True, kw_only=True)
class ShortPage:
    """Pieces that were not on their shelf, and what can become of them."""

    pk: int
    order: str
    order_url: str
    refund_url: str
    sku: str
    name: str
    shelf: str
    place: str
    missing: int
    state: State
    is_open: bool
    reported_at: datetime
    reporter: str
    on_hand: int
    promised: int
    elsewhere: tuple[tuple[str, str, int], ...]
    """Code, name and sellable pieces of other warehouses of the country that have enough."""
    may_set_apart: bool
    note: str
