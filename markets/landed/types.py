"""Questions to the landed-cost engine and its answers. Plain frozen values: facts in, answer out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from core.money import Money
from markets.duty.types import DutyFacts, LowValueFact
from markets.tax.types import Place, Reason, TaxFacts, TaxLine
from markets.types import MarketContext

Payer = Literal["buyer_now", "buyer_later", "seller"]
"""Who pays what falls due at the border: the buyer at checkout (delivered duty paid), the buyer on delivery, or the
seller as part of the price."""
Collector = Literal["seller", "importer", "nobody"]
Supply = Literal["goods", "digital", "voucher"]
IdStatus = Literal["", "valid", "invalid", "unavailable"]


@dataclass(frozen=True, kw_only=True)
class ParcelLine:
    """Goods of one kind in a parcel. `amount` is the whole line after discounts, entered as the market enters prices.

    `hs_code` and `origin` may be empty: the engine refuses where it needs them.
    """

    key: str
    amount: Money
    tax_category: str
    quantity: int = 1
    hs_code: str = ""
    origin: str = ""
    weight_g: int = 0
    """Of the whole line."""
    supply: Supply = "goods"
    has_origin_proof: bool = False
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """What is known of the buyer for tax. `tax_id_status` is the answer of the register that was asked."""

    tax_id: str = ""
    tax_id_country: str = ""
    tax_id_status: IdStatus = ""
    exemption_document: str = ""
    """The reference of a document on file that exempts the buyer."""
    location_evidence: int | None = None
    """How many pieces of evidence agree on the place of a digital sale; None: not asked here."""
    spent_this_year: Money | None = None
    """What the buyer has imported under a yearly limit."""

    @property
    def is_business(self) -> bool:
        return bool(self.tax_id) and self.tax_id_status == "valid"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One planned parcel: tax and duty are decided per parcel, not per cart."""

    market: MarketContext
    ship_from: str
    country: str
    on: date
    lines: tuple[ParcelLine, ...]
    shipping: Money
    region: str = ""
    postal_code: str = ""
    insurance: Money | None = None
    payer: Payer = "buyer_later"
    carrier_service: str = ""
    declaration: Literal["", "standard"] = ""
    """`standard` asks for the full declaration where a simplified one would do: for the sake of a preference."""
    wants_scheme: str = ""
    """The registration whose number would be put on the papers; refused where it is not allowed."""
    is_personal_import: bool = True
    is_one_indivisible_item: bool = False
    share_freight_by: Literal["value", "weight"] = "value"
    buyer: Buyer = field(default_factory=Buyer)
    eu_sales_this_year: Money | None = None
    """Net sales of the seller to consumers of other member states this year; None: not counted."""
    eu_sales_last_year: Money | None = None
    """The same of the calendar year before."""
    eu_sales_known: bool = True
    """False when some of these sales could not be counted: then nobody may say that the limit is not reached."""


@dataclass(frozen=True, kw_only=True)
class LandedFacts:
    """Everything the engine decides by, of one day."""

    tax: TaxFacts
    duty: DutyFacts


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """How one line is taxed: where, by whom, under which scheme and why."""

    place: Place
    scheme: str
    collector: Collector
    reason: Reason
    rule: LowValueFact | None = None
    is_within: bool | None = None
    """Whether the consignment (or the item) is within the threshold of `rule`."""
    compared: Money | None = None
    """What was compared with the threshold, in the threshold's currency."""
    relief: frozenset[str] = frozenset()
    """What is not due: `duty`, `tax`."""
    freight_taxed: bool = True
    strips_home_tax: bool = False
    """Whether the market's own tax leaves a price that was entered with tax."""
    crosses: bool = False
    """Whether goods cross a customs border."""
    factor: Decimal = Decimal(1)
    rule_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One layer of duty on one line, zero included. `base` is the customs value it was taken of."""

    key: str
    kind: str
    name: str
    rate_percent: Decimal | None
    base: Money
    amount: Money
    reason: str
    rule_id: str
    needs_proof: bool = False


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One fee of clearance."""

    kind: str
    amount: Money
    rule_id: str
    original: Money
    """As the row says it, in the row's currency."""


@dataclass(frozen=True, kw_only=True)
class LandedCost:
    """What a parcel costs at the door, and why. All amounts are in the market's currency.

    `tax_lines` is what the seller collects now, zeros included; `border_tax_lines` is tax that arises at the border
    and is not collected now: the buyer pays it on delivery, or the seller bears it. `missing` names facts that would
    be needed to say duty: then neither duty nor what is payable on delivery is known.
    """

    payer: Payer
    crosses: bool
    goods: Money
    shipping: Money
    customs_value: Money
    intrinsic: Money
    duty_lines: tuple[DutyLine, ...]
    fee_lines: tuple[FeeLine, ...]
    tax_lines: tuple[TaxLine, ...]
    border_tax_lines: tuple[TaxLine, ...]
    treatments: Mapping[str, Treatment]
    duty: Money
    fees: Money
    tax_now: Money
    border_tax: Money
    charged_now: Money
    """Duty and fees that are added to what the buyer pays now, with the tax in them where prices contain tax."""
    payable_on_delivery: Money | None
    """None: not known."""
    borne: Money
    """Duty, fees and tax that the seller pays out of the price."""
    guaranteed: bool
    must_split: bool
    missing: tuple[str, ...]
    explanations: tuple[str, ...]
    rule_ids: tuple[str, ...]

    @property
    def landed(self) -> Money:
        """Goods, delivery, duty, fees and every tax, whoever pays them and when."""
        return self.goods + self.shipping + self.duty + self.fees + self.tax_now + self.border_tax
