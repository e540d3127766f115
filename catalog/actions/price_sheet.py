"""Prices of many variants on several lists, changed together by somebody who saw what was there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.actions.prices import NewPrice, remove_price, set_prices
from catalog.models import Price, PriceList
from core.errors import DomainError
from core.money import Money

Place = tuple[int, int, int]
"""Price list, variant, from quantity."""


@dataclass(frozen=True, kw_only=True)
class PriceEdit:
    """A cell: the amount a person saw there, and the one they want. Nothing stands for no price of the list's own."""

    price_list_id: int
    variant_id: int
    min_qty: int
    seen: Decimal | None
    amount: Money | None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.price_list_id, self.variant_id, self.min_qty


class PricesMoved(DomainError):
    """Somebody else changed some of the cells; nothing was written. `now` says what stands there."""

    code = "PRICES_MOVED"
    message = _("Somebody else changed some of these prices in the meantime. Nothing was saved yet.")

    def __init__(self, now: dict[Place, Decimal | None]) -> None:
        self.now = now
        super().__init__()


@transaction.atomic
def change_prices(*, edits: Sequence[PriceEdit]) -> int:
    """Write all edits or none; returns how many prices moved. Raises `PricesMoved` and what `set_prices` raises."""
    lists = sorted({edit.price_list_id for edit in edits})
    list(PriceList.objects.select_for_update().filter(pk__in=lists).order_by("pk").values_list("pk", flat=True))
    own = Price.objects.filter(price_list__in=lists, variant__in={edit.variant_id for edit in edits}, derived=False)
    cells: Iterable[Any] = own.values_list("price_list_id", "variant_id", "min_qty", "amount")
    stored: dict[Place, Decimal] = {(row[0], row[1], row[2]): row[3] for row in cells}
    moved = {edit.place: stored.get(edit.place) for edit in edits if stored.get(edit.place) != edit.seen}
    if moved:
        raise PricesMoved(moved)
    return sum(_write(price_list, [edit for edit in edits if edit.price_list_id == price_list]) for price_list in lists)


def _write(price_list_id: int, edits: Sequence[PriceEdit]) -> int:
    prices = [
        NewPrice(variant_id=edit.variant_id, amount=edit.amount, min_qty=edit.min_qty)
        for edit in edits
        if edit.amount is not None
    ]
    count = set_prices(price_list_id=price_list_id, prices=prices) if prices else 0
    gone = [edit for edit in edits if edit.amount is None]
    return count + sum(
        remove_price(price_list_id=price_list_id, variant_id=edit.variant_id, min_qty=edit.min_qty) for edit in gone
    )
