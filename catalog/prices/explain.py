"""Why a price is what it is: every list that applied, and what beat it. For operators and support."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import PUBLIC
from catalog.prices.resolve import APPLICABLE, ASKED, ORDER
from catalog.types import ConsideredPrice, PricedVariant
from core.money import Money
from markets.queries import market_by_code

EXPLAIN = f"""{ASKED}, applicable AS ({APPLICABLE})
SELECT list_id, list_code, kind, min_qty, amount, currency, priority FROM applicable ORDER BY {ORDER}, min_qty DESC
"""


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
    with connection.cursor() as cursor:
        cursor.execute(EXPLAIN, asked)
        rows = cursor.fetchall()
    if not rows:
        return None
    best = ConsideredPrice(*rows[0][:4], Money(rows[0][4], rows[0][5]), rows[0][6], True, "")
    considered = tuple(
        ConsideredPrice(
            *row[:4],
            Money(row[4], row[5]),
            row[6],
            index == 0,
            _reason(index, best, row[2], Money(row[4], row[5]), row[6]),
        )
        for index, row in enumerate(rows)
    )
    base = min((price.amount for price in considered if price.kind == "base"), default=None)
    return PricedVariant(
        variant_id=variant_id,
        amount=best.amount,
        list_amount=base if base is not None and base > best.amount else None,
        prior_low=None,
        price_list_id=best.price_list_id,
        kind=best.kind,
        considered=considered,
    )


def _reason(index: int, best: ConsideredPrice, kind: str, amount: Money, priority: int) -> str:
    if index == 0:
        return _("Contract price.") if kind == "contract" else _("Lowest price that applies.")
    if best.kind == "contract" and kind != "contract":
        return _("A contract price wins over every other price.")
    if amount > best.amount:
        return _("Higher than the winning price.")
    if priority < best.priority:
        return _("The same amount, with less priority.")
    return _("The same amount, from a later list.")
