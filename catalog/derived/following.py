"""Lists that follow another: their rows are worked out when the parent's are written, and keep what they say.

Prices of a list in another currency are converted at the rate of that day, with the market's mark-up, its ending and
its dead band. Without a fresh rate nothing is written: old rows stay, and what had none is not sold there.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from catalog.models import Price, PriceList
from core.money import Money, round_half_up
from markets.charm import charm_price
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx import fx_policy, rate_on
from markets.queries import charm_rule
from markets.types import CharmRule

logger = logging.getLogger(__name__)
Place = tuple[int, int]
"""Variant, from quantity."""


@dataclass(frozen=True, kw_only=True)
class NewPrice:
    """A price to put on a list."""

    variant_id: int
    amount: Money
    min_qty: int = 1


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """How a price is made from the parent's: times `rate` and `factor`, then the ending; `band` in percent."""

    currency: str
    factor: Decimal
    rate: Decimal = Decimal(1)
    charm: CharmRule | None = None
    band: Decimal = Decimal(0)

    def amount(self, parent: Decimal, current: Decimal | None = None) -> Money:
        """The price. One rounding; inside the band the current one stays."""
        exact = parent * self.rate * self.factor
        if current and abs(exact - current) * 100 < self.band * current:
            return Money(current, self.currency)
        return round_half_up(charm_price(exact, self.charm) if self.charm else exact, self.currency)


def write_prices(price_list: PriceList, prices: Sequence[NewPrice], *, derived: bool) -> None:
    """Put prices on a list in one statement; what stood there is replaced."""
    Price.objects.bulk_create(
        [
            Price(
                price_list=price_list,
                variant_id=price.variant_id,
                min_qty=price.min_qty,
                amount=price.amount,
                derived=derived,
            )
            for price in sorted(prices, key=lambda price: (price.variant_id, price.min_qty))
        ],
        update_conflicts=True,
        unique_fields=["price_list", "variant", "min_qty"],
        update_fields=["amount", "amount_currency", "derived"],
    )


def follow_lists(prices: Sequence[Price]) -> None:
    """Lists that follow the lists of these prices move with them. For prices of variants that had none."""
    by_list: dict[int, set[int]] = {}
    for price in prices:
        by_list.setdefault(price.price_list_id, set()).add(price.variant_id)
    for row in PriceList.objects.filter(Q(derived_lists__isnull=False) | Q(parent__isnull=False), pk__in=by_list):
        follow_all(row, by_list[row.pk])


def follow_all(price_list: PriceList, variant_ids: Collection[int]) -> None:
    """The list, where it follows another, and every list below it."""
    if price_list.parent_id:
        follow(price_list, variant_ids)
    for follower in PriceList.objects.filter(parent=price_list):
        follow_all(follower, variant_ids)


def follow(price_list: PriceList, variant_ids: Collection[int] | None = None, *, is_asked: bool = False) -> set[int]:
    """Write a derived list's rows anew from its parent; own rows (overrides) stay. Returns variants that moved.

    Raises `ExchangeRateMissing` and `ExchangeRateStale` when a person `is_asked` for it; otherwise rows stay then.
    """
    try:
        derivation = derivation_of(price_list)
    except (ExchangeRateMissing, ExchangeRateStale) as trouble:
        if is_asked:
            raise
        logger.warning("prices of %s stay as they are: %s", price_list.code, trouble)
        return set()
    parents = Price.objects.filter(price_list_id=price_list.parent_id)
    mine = Price.objects.filter(price_list=price_list)
    if variant_ids is not None:
        parents, mine = parents.filter(variant__in=variant_ids), mine.filter(variant__in=variant_ids)
    before, own = _standing(mine.filter(derived=True)), set(_standing(mine.filter(derived=False)))
    after = {
        place: derivation.amount(amount, before.get(place))
        for place, amount in _standing(parents).items()
        if place not in own
    }
    mine.filter(derived=True).delete()
    rows = [NewPrice(variant_id=variant, min_qty=qty, amount=amount) for (variant, qty), amount in after.items()]
    write_prices(price_list, rows, derived=True)
    now = {place: amount.amount for place, amount in after.items()}
    return {place[0] for place in before.keys() | now.keys() if before.get(place) != now.get(place)}


def derivation_of(price_list: PriceList) -> Derivation:
    """How a list follows its parent today. Raises `ExchangeRateMissing`, `ExchangeRateStale`."""
    factor = Decimal(10000 + (price_list.adjust_bp or 0)) / 10000
    own = _charm(price_list.charm_rule)
    parent = price_list.parent
    if parent is None or parent.currency == price_list.currency:
        return Derivation(currency=price_list.currency, factor=factor, charm=own)
    market = price_list.market
    fact = rate_on(parent.currency, price_list.currency, timezone.now().date(), market=market.code)
    return Derivation(
        currency=price_list.currency,
        factor=factor,
        rate=fact.with_markup,
        charm=own or charm_rule(market),
        band=fx_policy(market.code).dead_band_percent,
    )


def _charm(rule: dict[str, str] | None) -> CharmRule | None:
    if not rule:
        return None
    return CharmRule(
        ending=Decimal(rule.get("ending", "0")),
        step=Decimal(rule.get("step", "1")),
        mode=rule.get("mode", "nearest"),
        increment=Decimal(rule.get("increment", "0.01")),
    )


def _standing(rows: Any) -> dict[Place, Decimal]:
    return {(variant, qty): amount for variant, qty, amount in rows.values_list("variant_id", "min_qty", "amount")}
