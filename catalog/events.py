"""Facts the catalogue announces."""

from dataclasses import dataclass
from datetime import date

from core.events import Event
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event):
    """Words, options, pictures, variants or status of products moved."""

    product_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PricePublished(Event):
    """Everybody sees another price for a variant in a market."""

    variant_id: int
    market_code: str
    amount: Money
    reduced: bool


@dataclass(frozen=True, kw_only=True)
class ReviewApproved(Event):
    """A review is shown from now on."""

    review_id: int
    product_id: int
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """The shop has answered a question about a product for the first time."""

    question_id: int
    product_id: int


@dataclass(frozen=True, kw_only=True)
class OpeningStockTold(Event):
    """A file that brought new variants also says how many of each there are: rows of (variant id, pieces)."""

    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class StockTold(Event):
    """A file says how many pieces are on hand: rows of (variant id, warehouse code, pieces)."""

    counts: tuple[tuple[int, str, int], ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShelvesChanged(Event):
    """Categories stand elsewhere or are called otherwise: what is in them is listed and found differently."""

    category_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PresaleOpened(Event):
    """A variant is sold before it is there; its pieces will come to this warehouse. No `most`: as many as are asked."""

    variant_id: int
    warehouse_code: str
    most: int | None


@dataclass(frozen=True, kw_only=True)
class PresaleMoved(Event):
    """A variant on pre-sale leaves on another day than was said."""

    variant_id: int
    before: date
    release_on: date


@dataclass(frozen=True, kw_only=True)
class PresaleReleased(Event):
    """The pre-sale is over: what was ordered may leave, and nothing more is sold before it is there."""

    variant_id: int


@dataclass(frozen=True, kw_only=True)
class SetChanged(Event):
    """Sets hold something else than before."""

    variant_ids: tuple[int, ...]
