"""What the shop tells carriers, and what they tell the shop. Lengths in mm, weights in g, moments with their zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from core.money import Money

LabelFormat = Literal["pdf", "zpl"]
LABEL_FORMATS: tuple[LabelFormat, ...] = ("pdf", "zpl")
CONTENT_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "zpl": "application/zpl"}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a parcel starts or ends. `lines` are those of the label, in the order of the country."""

    name: str
    lines: tuple[str, ...]
    country: str
    city: str = ""
    postcode: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One box. Without measures a carrier goes by weight alone."""

    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """The longest first; zeros when it was not measured."""
        longest, middle, shortest = sorted((self.length_mm, self.width_mm, self.height_mm), reverse=True)
        return longest, middle, shortest


@dataclass(frozen=True, kw_only=True)
class CustomsItem:
    """A kind of goods in the parcel as customs are told of it; `value` is that of all pieces together."""

    sku: str
    description: str
    hs_code: str
    origin: str
    quantity: int
    weight_g: int
    value: Money


@dataclass(frozen=True, kw_only=True)
class Customs:
    """What goes with a parcel over a border. `terms` is DAP or DDP; `scheme` the import scheme, such as IOSS."""

    items: tuple[CustomsItem, ...]
    terms: str
    scheme: str = ""
    scheme_number: str = ""
    invoice_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """What is to be carried: `ref` is our name of the parcel, `order_ref` that of its order."""

    ref: str
    order_ref: str
    sender: Address
    receiver: Address
    parcel: Parcel
    customs: Customs | None = None
    """None where no customs border is crossed."""

    @property
    def is_domestic(self) -> bool:
        """Whether it stays in one country."""
        return self.sender.country == self.receiver.country


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What one service of a carrier asks for a shipment. `ref` is what buying it needs."""

    service: str
    name: str
    cost: Money
    days_min: int | None = None
    days_max: int | None = None
    zone: str = ""
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """A label as it was bought. `ref` is the carrier's name of the shipment; `cost` is None when it is billed later."""

    content: bytes
    format: LabelFormat
    tracking_no: str
    carrier: str
    service: str
    ref: str = ""
    tracking_url: str = ""
    cost: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """One thing a carrier said: `code` in our words, `carrier_code` in theirs; `level` names the list theirs is of."""

    code: str
    carrier_code: str
    at: datetime
    level: str = "code"
    place: str = ""
    text: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Tracking:
    """All a carrier said of one number, oldest first. `eta` is the day it expects to deliver."""

    number: str
    events: tuple[Tracked, ...]
    carrier: str = ""
    eta: date | None = None
    refs: tuple[str, ...] = ()
    """Other numbers of the same parcel, when the carrier names some."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A number that is followed, with what some carriers ask for beside it."""

    number: str
    carrier: str
    origin: str = ""
    origin_city: str = ""
    country: str = ""
    city: str = ""
    postcode: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message of a carrier, verified and understood so far. What it is about is read when it is worked on."""

    event_id: str
    kind: str
    payload: Any
    relevant: bool = True
    reply: Mapping[str, Any] = field(default_factory=dict)
    """What the carrier wants to read in our answer; a plain "ok" when it does not say."""


@dataclass(frozen=True, kw_only=True)
class ManifestLine:
    """A parcel that is handed over at the close of a day."""

    tracking_no: str
    service: str
    weight_g: int
    country: str
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a carrier gives back at the close of a day: its own number, and a paper when it makes one."""

    number: str
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Access:
    """How an account reaches its carrier: plain settings and secrets, both by name."""

    code: str
    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    label_format: LabelFormat = "pdf"

    def option(self, name: str, default: str = "") -> str:
        """A setting, or what stands for it."""
        return self.options.get(name) or default

    def secret(self, name: str) -> str:
        """A secret; empty when nobody has entered it."""
        return self.secrets.get(name, "")
