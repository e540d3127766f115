"""Planned changes of prices on the machinery of runs: rows are worked out once, looked at, agreed to, then written.

What is written is exactly what was agreed to: a price that moved since the preview is refused, not recalculated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.actions.prices import NewPrice, remove_prices, set_prices
from catalog.bulk.columns import Refused, Row, Values
from catalog.bulk.operations import Value
from catalog.bulk.plan_facts import BatchFacts, applies_to_all, facts_of
from catalog.bulk.proposing import Facts, NoPrice, Recipe, change_bp, margin_bp, propose
from catalog.models import Price, PriceList, PricePlan, PricePlanRow, Variant
from catalog.prices.history import Shown, lowest_before, percent_off, prior_low
from catalog.prices.policy import Policy, policy_of
from core.errors import DomainError
from core.money import Money, exponent, to_minor
from markets.fx import fx_policy, rate_on
from markets.queries import charm_rule

FIELD = OPERATION = "plan"
ONE_AMOUNT = frozenset({"set", "competitor"})
"""Methods that give one price; others change every quantity price of the list."""


@dataclass(frozen=True, kw_only=True)
class Planning:
    """A plan with what its batches share."""

    plan: PricePlan
    target: PriceList
    source: PriceList
    recipe: Recipe
    policy: Policy
    begins: datetime
    min_qty: int = 1


def planning_of(plan: PricePlan, at: datetime | None = None) -> Planning:
    """A described plan, ready to be worked out. Raises `ExchangeRateMissing`, `ExchangeRateStale`."""
    at = at or timezone.now()
    target, source = plan.price_list, plan.source_list
    assert target is not None  # noqa: S101 (described plans have both)
    assert source is not None  # noqa: S101 (described plans have both)
    policy = policy_of(target.market_id)
    begins = max(at, plan.during.lower) if plan.during and plan.during.lower else at
    arguments = plan.run.arguments
    return Planning(
        plan=plan,
        target=target,
        source=source,
        recipe=_recipe(plan.method, arguments, target, source, policy, at),
        policy=policy,
        begins=begins,
        min_qty=int(arguments.get("min_qty", 1)),
    )


def work_out(planning: Planning, variants: Sequence[Variant]) -> list[PricePlanRow]:
    """Unsaved rows: what the plan makes of these variants, and what that would mean."""
    known = facts_of(
        variants,
        target=planning.target,
        source=planning.source,
        rule=planning.policy.prior,
        at=planning.begins,
    )
    return [_row(planning, known, variant) for variant in variants]


def _recipe(
    method: str, arguments: Mapping[str, Value], target: PriceList, source: PriceList, policy: Policy, at: datetime
) -> Recipe:
    fact = None
    if source.currency != target.currency:
        fact = rate_on(source.currency, target.currency, at.date(), market=target.market.code)
    rate = Decimal(1)
    if fact is not None:
        rate = fact.with_markup if method == PricePlan.Method.FX else fact.rate
    return Recipe(
        method=method,
        value=Decimal(str(arguments["value"])),
        currency=target.currency,
        rate=rate,
        charm=charm_rule(target.market) if arguments.get("rounding") == "market" else None,
        increment=target.market.price_increment,
        dead_band_percent=fx_policy(target.market.code).dead_band_percent,
        floor_percent=Decimal(str(arguments.get("floor_percent") or policy.floor_margin_percent)),
    )


def _row(planning: Planning, known: BatchFacts, variant: Variant) -> PricePlanRow:
    pk = variant.pk
    own, source = known.own.get(pk, {}), known.source.get(pk, {})
    row = PricePlanRow(plan=planning.plan, variant=variant, sku=variant.sku, before=_words(own, planning))
    present = known.listed.get(pk, {}).get(planning.min_qty) or source.get(planning.min_qty)
    is_same_currency = planning.source.currency == planning.target.currency
    row.old_amount = present if is_same_currency or pk in known.listed else None
    row.cost = _money_or_none(known.costs.get(pk), planning)
    try:
        new = _proposed(planning, known, pk, source)
    except NoPrice as reason:
        row.refused, row.after = str(reason), row.before
        return row
    row.after = _words({**own, **new}, planning)
    row.new_amount = new.get(planning.min_qty) or min(new.values(), default=None)
    row.change_bp = change_bp(row.old_amount, row.new_amount)
    if row.new_amount is not None:
        row.margin_bp = margin_bp(row.new_amount, row.cost, known.taxes.get(pk))
        row.lowest = lowest_before(known.histories.get(pk, ()), planning.begins, known.rule)
    row.flags = _flags(planning, known, row)
    return row


def _proposed(planning: Planning, known: BatchFacts, pk: int, source: Mapping[int, Decimal]) -> dict[int, Decimal]:
    quantities = [planning.min_qty] if planning.recipe.method in ONE_AMOUNT else sorted(source)
    if not quantities:
        raise NoPrice("no_price")
    return {
        quantity: propose(
            planning.recipe,
            Facts(
                old=source.get(quantity),
                current=known.listed.get(pk, {}).get(quantity),
                competitor=known.competitors.get(pk),
                cost=known.costs.get(pk),
                tax=known.taxes.get(pk),
            ),
        )
        for quantity in quantities
    }


def _flags(planning: Planning, known: BatchFacts, row: PricePlanRow) -> list[str]:
    flags = []
    if row.margin_bp is not None and row.margin_bp < 0:
        flags.append("below_cost")
    elif row.margin_bp is not None and row.margin_bp < planning.policy.floor_margin_percent * 100:
        flags.append("below_floor")
    if row.change_bp is not None and abs(row.change_bp) > planning.policy.warn_percent * 100:
        flags.append("large")
    return flags + _badge_flags(planning, known, row)


def _badge_flags(planning: Planning, known: BatchFacts, row: PricePlanRow) -> list[str]:
    """Whether everybody would see a reduction that was not there, or no longer see one, or one not to be announced."""
    if planning.min_qty != 1 or row.new_amount is None or not applies_to_all(planning.target, planning.begins):
        return []
    history = known.histories.get(row.variant_id, [])
    others, base = known.others.get(row.variant_id, (None, None))
    new = Decimal(row.after.get("1", row.new_amount))
    winner = min(new, others) if others is not None else new
    if planning.target.kind == PriceList.Kind.BASE:
        base = min(new, base) if base is not None else new
    is_reduced = base is not None and base > winner
    now = history[-1] if history and history[-1].end is None else None
    before = prior_low(history, known.rule) if now is not None and now.reduced else None
    had = now is not None and before is not None and percent_off(now.amount, before) is not None
    if not is_reduced:
        return ["ends_badge"] if had else []
    after = _prior_after(history, winner, planning.begins, known)
    if after is None or percent_off(winner, after) is None:
        return ["ends_badge"] if had else ["no_badge"]
    return [] if had else ["makes_badge"]


def _prior_after(history: Sequence[Shown], winner: Decimal, begins: datetime, known: BatchFacts) -> Decimal | None:
    """The prior price of the reduction as it would be once the plan has begun."""
    closed = [Shown(one.amount, one.reduced, one.start, one.end or begins) for one in history if one.start < begins]
    return prior_low([*closed, Shown(winner, reduced=True, start=begins)], known.rule)


def _words(amounts: Mapping[int, Decimal], planning: Planning) -> dict[str, str]:
    step = Decimal(1).scaleb(-exponent(planning.target.currency))
    return {str(quantity): str(amounts[quantity].quantize(step)) for quantity in sorted(amounts)}


def _money_or_none(amount: Decimal | None, planning: Planning) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class PlanColumn:
    """A variant's own prices on the plan's list, by quantity. Wanted are the amounts of the preview."""

    plan: PricePlan
    price_list: PriceList
    empty: Value = field(default_factory=dict)
    digits: int = 0

    def wanted(self, rows: Sequence[Row], old: Values) -> Values:
        """What was agreed to; rows the preview refused or never saw stay as they are."""
        planned = PricePlanRow.objects.filter(plan=self.plan, variant__in=[row.pk for row in rows], refused="")
        agreed = dict(planned.values_list("variant_id", "after"))
        return {pk: agreed.get(pk, value) for pk, value in old.items()}

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """The list's own prices; what it derives from another list is not one."""
        step = Decimal(1).scaleb(-exponent(self.price_list.currency))
        own = Price.objects.filter(price_list=self.price_list, derived=False, variant__in=[row.pk for row in rows])
        found: dict[int, Value] = {row.pk: {} for row in rows}
        cells: Any = own.order_by("min_qty").values_list("variant_id", "min_qty", "amount")
        for variant, min_qty, amount in cells:
            found[variant][str(min_qty)] = str(amount.quantize(step))
        return found

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """A price that moved since the preview is left alone; taking back needs what the run wrote, as everywhere."""
        now = self.read(rows)
        seen = dict(
            PricePlanRow.objects.filter(plan=self.plan, variant__in=list(values)).values_list("variant_id", "before")
        )
        moved = _("The price changed since the preview.")
        refused = {pk: moved for pk, value in values.items() if value != seen.get(pk) and now[pk] != seen.get(pk)}
        return refused | {pk: _("This is not an amount.") for pk, value in values.items() if not self._is_amount(value)}

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """Through the price actions, so that what is published follows."""
        stored = self.read(rows)
        new = [
            NewPrice(variant_id=pk, amount=self._money(amount), min_qty=int(quantity))
            for pk, amounts in values.items()
            for quantity, amount in amounts.items()
        ]
        if new:
            set_prices(price_list_id=self.price_list.pk, prices=new)
        gone = [(pk, int(quantity)) for pk, amounts in values.items() for quantity in stored[pk].keys() - amounts]
        if gone:
            remove_prices(price_list_id=self.price_list.pk, places=gone)

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """Amounts speak for themselves."""
        return {}

    def _money(self, amount: str) -> Money:
        return Money(Decimal(amount), self.price_list.currency)

    def _is_amount(self, value: Value) -> bool:
        try:
            return all(to_minor(self._money(amount)) >= 0 for amount in value.values())
        except (DomainError, InvalidOperation):
            return False


def plan_column(run_id: int) -> PlanColumn:
    """The column of a run that belongs to a plan. Raises `PricePlan.DoesNotExist`."""
    plan = PricePlan.objects.select_related("price_list__market").get(run=run_id)
    assert plan.price_list is not None  # noqa: S101 (a described plan has a list)
    return PlanColumn(plan, plan.price_list)
