"""A market's price policy as values; without a row, the defaults."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from catalog.cache import remembered
from catalog.models import PricePolicy
from catalog.prices.history import PriorRule


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a market says about its prices. `unit_prices` and `unit_rounding` are codes of `PricePolicy`."""

    prior: PriorRule
    floor_margin_percent: Decimal
    power_factor: Decimal
    warn_percent: Decimal
    unit_prices: str
    unit_rounding: str


def policy_of(market_id: int) -> Policy:
    """The policy of a market."""
    return policies_of([market_id])[market_id]


def policies_of(market_ids: list[int]) -> dict[int, Policy]:
    """Policies of several markets. One query."""
    rows = {row.market_id: row for row in PricePolicy.objects.filter(market__in=market_ids)}
    return {pk: _policy(rows.get(pk) or PricePolicy(market_id=pk)) for pk in market_ids}


def shown_policy(market_id: int) -> Policy:
    """The same for pages of the shop: remembered until something of the catalogue changes."""
    return remembered(("price policy", market_id), lambda: policy_of(market_id))


def _policy(row: PricePolicy) -> Policy:
    return Policy(
        prior=PriorRule(
            window=timedelta(days=row.prior_days),
            is_progressive=row.is_progressive,
            needs_past=row.new_goods == PricePolicy.NewGoods.NOT_ANNOUNCED,
        ),
        floor_margin_percent=Decimal(row.floor_margin_percent),
        power_factor=Decimal(row.power_factor),
        warn_percent=Decimal(row.warn_percent),
        unit_prices=row.unit_prices,
        unit_rounding=row.unit_rounding,
    )
