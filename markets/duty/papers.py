"""What a customs message needs to say, checked before anything is printed. Pure."""

from collections.abc import Iterable
from datetime import date

from markets.duty.errors import DescriptionVague, ProductIdMissing
from markets.duty.types import LowValueFact

FEWEST_WORDS = 3
MANDATORY_FROM = "product_id_mandatory_from"
STOP_WORDS = frozenset(
    {
        "accessories", "apparel", "articles", "bag", "bags", "cloth", "clothes", "clothing", "consumer", "electronics",
        "equipment", "gift", "gifts", "goods", "house", "household", "items", "merchandise", "parts", "product",
        "products", "sample", "samples", "spare", "stuff", "things", "various", "wares",
    }
)  # fmt: skip
"""Words that say nothing by themselves; after the stop-word list of the import control system of the EU."""


def check_description(description: str) -> None:
    """Refuse what could be anything: fewer than three words that mean something. Raises `DescriptionVague`."""
    words = [word.strip(".,;:()/%") for word in description.lower().split()]
    meant = [word for word in words if word and word not in STOP_WORDS]
    if len(meant) < FEWEST_WORDS:
        raise DescriptionVague


def check_product_ids(
    *, merchant: str | None, manufacturer: str | None, on: date, rules: Iterable[LowValueFact], destination: str
) -> None:
    """Refuse a line without both product numbers where the destination asks for them. Raises `ProductIdMissing`."""
    if merchant and manufacturer:
        return
    for rule in rules:
        from_day = rule.params.get(MANDATORY_FROM)
        if rule.destination == destination and rule.holds_on(on) and from_day and on >= date.fromisoformat(from_day):
            raise ProductIdMissing
