"""What the planner is asked and what it answers: plain values. Amounts are minor units of the problem's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from core.money import Money
from inventory.planning import StockRow, Take
from inventory.types import Demand

RuleKind = Literal["preferred", "same_country", "bonded_first", "min_splits", "oldest_batch", "avoid"]
ENGINE = "lanes-1"
"""The version of the rules below. A decision keeps the one it was made by."""


@dataclass(frozen=True, kw_only=True)
class Good:
    """One piece of a variant as a carrier sees it. Sides are in mm, longest first; none when nobody measured it."""

    variant_id: int
    weight_g: int = 0
    sides: tuple[int, int, int] | None = None
    flags: frozenset[str] = frozenset()

    @property
    def mm3(self) -> int:
        """Its volume; 0 when it is not known."""
        if self.sides is None:
            return 0
        length, width, height = self.sides
        return length * width * height


@dataclass(frozen=True, kw_only=True)
class BoxSize:
    """A carton. Inner sides in mm, longest first."""

    code: str
    name: str
    sides: tuple[int, int, int]
    tare_g: int
    max_weight_g: int

    @property
    def mm3(self) -> int:
        """Its volume."""
        length, width, height = self.sides
        return length * width * height


@dataclass(frozen=True)
class Bracket:
    """What a parcel of up to a weight costs: a sum, and so much for each kilogram of the whole parcel."""

    up_to_g: int
    cost: int
    per_kg: int = 0


@dataclass(frozen=True, kw_only=True)
class LaneTerms:
    """A lane in the currency of the problem. Without brackets it carries nothing."""

    lane_id: int
    carrier: str
    service: str
    brackets: tuple[Bracket, ...]
    divisor: int = 0
    step_g: int = 1
    max_weight_g: int | None = None
    max_mm3: int | None = None
    forbidden: frozenset[str] = frozenset()
    prepays_duty: bool = True

    @property
    def limit_g(self) -> int:
        """The most one parcel may be charged for, in whole steps."""
        last = max((row.up_to_g for row in self.brackets), default=0)
        most = last if self.max_weight_g is None else min(last, self.max_weight_g)
        return most // self.step_g * self.step_g


@dataclass(frozen=True, kw_only=True)
class Site:
    """A warehouse that a lane leads from to the address, with the days of that lane from the moment asked about."""

    code: str
    position: int
    country: str
    lane: LaneTerms
    leaves_on: date
    earliest: date
    latest: date
    kind: str = "own"


@dataclass(frozen=True)
class Rule:
    """One rule of the market, with the warehouses it names."""

    kind: RuleKind
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What counts beside freight and duty."""

    split: int = 0
    late: int = 0
    scarce: int = 0


NO_WEIGHTS = Weights()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Everything the planner looks at. Equal problems give equal decisions.

    `duty` is what one piece costs at the border when it comes from a warehouse: 0 inside the customs territory, None
    when nobody knows. It never counts thresholds below which nothing is owed: no plan is better for being smaller.
    `ages` ranks the stock of a variant by warehouse, 0 is the oldest. `promised` is the last day that was promised.
    """

    currency: str
    country: str
    demands: tuple[Demand, ...]
    rows: tuple[StockRow, ...]
    sites: tuple[Site, ...]
    goods: Mapping[int, Good]
    boxes: tuple[BoxSize, ...] = ()
    rules: tuple[Rule, ...] = ()
    weights: Weights = NO_WEIGHTS
    duty: Mapping[tuple[str, int], int | None] = field(default_factory=dict)
    ages: Mapping[tuple[str, int], int] = field(default_factory=dict)
    promised: date | None = None


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """What leaves one warehouse in a plan, and what that costs."""

    warehouse_code: str
    lane_id: int
    carrier: str
    service: str
    pieces: int
    weight_g: int
    billed_g: int
    parcels: int
    freight: int
    duty: int | None
    leaves_on: date
    earliest: date
    latest: date
    prepays_duty: bool


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One way to serve everything. `rules` are the values of the problem's rules in their order; less is better."""

    takes: tuple[Take, ...]
    consignments: tuple[Consignment, ...]
    rules: tuple[int, ...]
    freight: int
    split: int
    duty: int
    late: int
    scarcity: int
    unknown_duty: int
    """Pieces whose duty nobody knows: a plan with fewer of them is better than a cheaper one."""
    positions: tuple[int, ...]

    @property
    def score(self) -> int:
        """What it costs in all."""
        return self.freight + self.split + self.duty + self.late + self.scarcity

    @property
    def key(self) -> tuple[tuple[int, ...], int, int, tuple[int, ...]]:
        """What decides: the rules one after the other, then costs, then the market's order of warehouses."""
        return self.rules, self.unknown_duty, self.score, self.positions

    @property
    def codes(self) -> tuple[str, ...]:
        """Its warehouses."""
        return tuple(one.warehouse_code for one in self.consignments)

    @property
    def earliest(self) -> date:
        """The first day on which everything can be there."""
        return max(one.earliest for one in self.consignments)

    @property
    def latest(self) -> date:
        """The last day by which everything is there, nine times in ten."""
        return max(one.latest for one in self.consignments)


@dataclass(frozen=True)
class Reason:
    """Why a plan won, or was beaten: a code and facts. Sentences are made where they are read."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Beaten:
    """A plan that was possible, and what spoke against it."""

    candidate: Candidate
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The plan, the best plans from other warehouses, and why. Not exact: the search was cut short."""

    chosen: Candidate
    alternatives: tuple[Beaten, ...]
    reasons: tuple[Reason, ...]
    is_exact: bool
    engine: str = ENGINE


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where goods go and what is known of them, as the one who asks knows it.

    `method_code` is the wanted delivery; empty: any. `values` is what one piece of a variant is worth at the border,
    `codes` its goods code and origin; variants without them have no known duty where a border is crossed.
    """

    market_code: str
    country: str
    region: str = ""
    postal_code: str = ""
    method_code: str = ""
    values: Mapping[int, Money] = field(default_factory=dict)
    codes: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    prepays_duty: bool = False
    """Whether duty is paid with the order: lanes that cannot clear such parcels are used where no others serve."""
    promised: date | None = None
