"""Why a price is what it is: every list that applied, and what beat it. For operators and support."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import PUBLIC
from catalog.prices.resolve import APPLICABLE, ASKED, ORDER
from catalog.sql import fetch
from catalog.types import ConsideredPrice, PricedVariant
from core.money import Money
from markets.queries import market_by_code

EXPLAIN = f"""{ASKED}, applicable AS ({APPLICABLE})
SELECT list_id, list_code, kind, min_qty, amount, currency, priority FROM applicable ORDER BY {ORDER}, min_qty DESC
"""  # noqa: S608 (constants only)


def explain_price(
    *,
    market_code: str,
    variant_id: int,
    quantity: int = 1,
    audiences: Sequence[str] = (PUBLIC,),
    at: datetime | None = None,
) -> PricedVariant | None:
    """The winning price with `considered` naming every price that applied, winner first. None without any."""
    asked = {
        "market": market_by_code(market_code).id,
        "variants": [variant_id],
        "quantities": [max(quantity, 1)],
        "at": at or timezone.now(),
        "audiences": sorted({PUBLIC, *audiences}),
    }
    rows = fetch(EXPLAIN, asked)
    if not rows:
        return None
    considered = tuple(_considered(at, rows[0], row) for at, row in enumerate(rows))
    best = considered[0]
    base = min((price.amount for price in considered if price.kind == "base"), default=None)
    return PricedVariant(
        variant_id=variant_id,
        amount=best.amount,
        list_amount=base if base is not None and base > best.amount else None,
        prior_low=None,
        price_list_id=best.price_list_id,
        kind=best.kind,
        considered=considered,
        min_qty=best.min_qty,
    )


def _considered(place: int, best: tuple[Any, ...], row: tuple[Any, ...]) -> ConsideredPrice:
    list_id, code, kind, min_qty, amount, currency, priority = row
    return ConsideredPrice(
        price_list_id=list_id,
        price_list=code,
        kind=kind,
        min_qty=min_qty,
        amount=Money(amount, currency),
        priority=priority,
        won=place == 0,
        reason=_reason(place, best, row),
    )


def _reason(place: int, best: tuple[Any, ...], row: tuple[Any, ...]) -> str:
    _list, _code, kind, _min_qty, amount, _currency, priority = row
    if place == 0:
        return _("Contract price.") if kind == "contract" else _("Lowest price that applies.")
    if best[2] == "contract" and kind != "contract":
        return _("A contract price wins over every other price.")
    if amount > best[4]:
        return _("Higher than the winning price.")
    if priority < best[6]:
        return _("The same amount, with less priority.")
    return _("The same amount, from a later list.")
