"""Facts the catalogue announces."""

from dataclasses import dataclass

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
