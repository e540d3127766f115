"""A market's price policy and endings, and the figures prices are judged by: what goods cost, what others ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog.actions.derived import mark_dirty
from catalog.cache import forget_on_commit
from catalog.errors import CharmProblem
from catalog.models import CompetitorPrice, EffectivePrice, PricePolicy, Variant, VariantCost
from core import audit
from core.money import Money, exponent, to_minor
from markets.actions import note_change
from markets.charm import charm_price
from markets.models import Market
from markets.types import CharmRule

MODES = ("nearest", "up", "down")
COLUMNS = (
    "power_factor",
    "floor_margin_percent",
    "warn_percent",
    "prior_days",
    "is_progressive",
    "new_goods",
    "unit_prices",
    "unit_rounding",
)
BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class CostNote:
    """What one piece of a variant costs us."""

    variant_id: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class CompetitorNote:
    """What somebody asked for a variant on a day."""

    variant_id: int
    market_id: int
    competitor: str
    amount: Money
    seen_on: date


@transaction.atomic
def set_price_policy(*, market_code: str, policy: Mapping[str, Any], reason: str = "") -> PricePolicy:
    """Set the named columns of a market's price policy. What reductions are compared with follows at once."""
    market = Market.objects.select_for_update(of=("self",)).get(code=market_code)
    row = PricePolicy.objects.filter(market=market).first() or PricePolicy(market=market)
    old = {name: getattr(row, name) for name in COLUMNS}
    for name in policy.keys() & set(COLUMNS):
        setattr(row, name, policy[name])
    row.save()
    new = {name: getattr(row, name) for name in COLUMNS}
    if old != new:
        audit.record("catalog.set_price_policy", row, data={"old": old, "new": new}, reason=reason)
        reduced = EffectivePrice.objects.filter(market=market, list_amount__isnull=False)
        mark_dirty(product_ids=set(reduced.values_list("variant__product_id", flat=True)))
        forget_on_commit()
    return row


@transaction.atomic
def set_charm_rule(*, market_code: str, rule: CharmRule, reason: str = "") -> Market:
    """How proposed prices of a market end, and its price grid. Prices that stand are not touched.

    Raises `CharmProblem` for a rule that cannot be met in the market's currency.
    """
    market = Market.objects.select_for_update(of=("self",)).get(code=market_code)
    check_charm(rule, market.currency_id)
    old = {"charm_rule": market.charm_rule, "price_increment": market.price_increment}
    market.charm_rule = {"ending": str(rule.ending), "step": str(rule.step), "mode": rule.mode}
    market.price_increment = rule.increment
    market.save(update_fields=["charm_rule", "price_increment", "updated"])
    new = {"charm_rule": market.charm_rule, "price_increment": market.price_increment}
    if old != new:
        note_change(row=market, old=old, new=new, is_new=False, reason=reason)
    return market


def check_charm(rule: CharmRule, currency: str) -> None:
    """Raises `CharmProblem`: the step is above the ending, the grid fits the currency, endings lie on the grid."""
    smallest = Decimal(1).scaleb(-exponent(currency))
    is_odd = rule.step <= 0 or rule.increment <= 0 or not 0 <= rule.ending < rule.step or rule.mode not in MODES
    if is_odd or rule.increment % smallest or any(part % rule.increment for part in (rule.ending, rule.step)):
        raise CharmProblem
    charm_price(rule.step, rule)


@transaction.atomic
def note_costs(*, notes: Iterable[CostNote], source: str = "") -> int:
    """Write costs down, the latest word counts; returns how many. Raises `AmountPrecision`."""
    rows = [VariantCost(variant_id=one.variant_id, amount=_checked(one.amount), source=source[:120]) for one in notes]
    VariantCost.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["variant"],
        update_fields=["amount", "amount_currency", "source", "noted_at"],
    )
    audit.record("catalog.note_costs", "catalog.VariantCost", data={"count": len(rows), "source": source})
    return len(rows)


@transaction.atomic
def note_competitor_prices(*, notes: Iterable[CompetitorNote], source: str = "") -> int:
    """Write down what others ask; a second word about the same day changes nothing. Returns how many were new."""
    rows = [
        CompetitorPrice(
            market_id=one.market_id,
            variant_id=one.variant_id,
            competitor=one.competitor[:120],
            amount=_checked(one.amount),
            seen_on=one.seen_on,
        )
        for one in notes
    ]
    before = CompetitorPrice.objects.count()
    CompetitorPrice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    new = CompetitorPrice.objects.count() - before
    audit.record("catalog.note_competitor_prices", "catalog.CompetitorPrice", data={"new": new, "source": source})
    return new


def known_skus(skus: Iterable[str]) -> dict[str, int]:
    """Variants by SKU, where the SKU names one only."""
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for sku, pk in Variant.objects.filter(sku__in=set(skus)).values_list("sku", "pk"):
        if found.setdefault(sku, pk) != pk:
            doubtful.add(sku)
    return {sku: pk for sku, pk in found.items() if sku not in doubtful}


def _checked(amount: Money) -> Money:
    to_minor(amount)
    return amount
