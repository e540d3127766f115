"""What a planned change makes of one price, and what it would mean. Pure: amounts in, amounts and warnings out."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from core.money import exponent, round_half_up
from markets.charm import charm_price, to_grid
from markets.types import CharmRule

HUNDRED = Decimal(100)
ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How prices of a list are proposed.

    `value` is a percentage, an amount, a factor, or by how many percent others are undercut, as `method` says. `rate`
    turns the old amount into the list's currency. `charm` is how prices end; None leaves them as calculated.
    """

    method: str
    value: Decimal
    currency: str
    rate: Decimal = ONE
    charm: CharmRule | None = None
    increment: Decimal = Decimal("0.01")
    dead_band_percent: Decimal = Decimal(0)
    floor_percent: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one price: the old amount, the list's own present one, what others ask, what it costs.

    `tax` is the share of the net price that the price contains (0.19); None when no rate is known.
    """

    old: Decimal | None
    current: Decimal | None = None
    competitor: Decimal | None = None
    cost: Decimal | None = None
    tax: Decimal | None = Decimal(0)


class NoPrice(ValueError):
    """Nothing can be proposed. The argument is a stable word: no_price, no_competitor, no_cost, not_positive."""


def propose(recipe: Recipe, facts: Facts) -> Decimal:
    """The new amount, in the digits of the list's currency. Raises `NoPrice`."""
    exact = _exact(recipe, facts)
    if exact <= 0:
        raise NoPrice("not_positive")
    if _hardly_moves(recipe, facts, exact):
        return facts.current or exact
    floor = _floor(recipe, facts)
    ended = _ended(recipe, max(exact, floor) if floor is not None else exact)
    if floor is not None and ended < floor:
        ended = _ended(recipe, floor, upwards=True)
    if ended <= 0:
        raise NoPrice("not_positive")
    return ended


def margin_bp(amount: Decimal, cost: Decimal | None, tax: Decimal | None) -> int | None:
    """The share of the price without tax that is left above the cost, in basis points, half down towards the loss."""
    if cost is None or tax is None or amount <= 0:
        return None
    net = amount / (ONE + tax)
    return int(((net - cost) * 10000 / net).to_integral_value(rounding="ROUND_FLOOR"))


def change_bp(old: Decimal | None, new: Decimal | None) -> int | None:
    """By how many basis points a price moves."""
    if not old or new is None:
        return None
    return int(((new - old) * 10000 / old).to_integral_value(rounding="ROUND_HALF_UP"))


def _exact(recipe: Recipe, facts: Facts) -> Decimal:
    if recipe.method == "competitor":
        if facts.competitor is None:
            raise NoPrice("no_competitor")
        return facts.competitor * (HUNDRED - recipe.value) / HUNDRED
    if recipe.method == "set":
        return recipe.value
    if facts.old is None:
        raise NoPrice("no_price")
    old = facts.old * recipe.rate
    if recipe.method == "percent":
        return old * (HUNDRED + recipe.value) / HUNDRED
    if recipe.method == "amount":
        return old + recipe.value
    return old * recipe.value


def _hardly_moves(recipe: Recipe, facts: Facts, exact: Decimal) -> bool:
    """Only converted prices have a dead band: what somebody types is meant."""
    if recipe.method not in {"fx", "power"} or not facts.current:
        return False
    return abs(exact - facts.current) * HUNDRED < recipe.dead_band_percent * facts.current


def _floor(recipe: Recipe, facts: Facts) -> Decimal | None:
    """The lowest price that leaves the margin: cost / (1 - margin), with tax, never rounded down."""
    if recipe.method != "competitor":
        return None
    if facts.cost is None or facts.tax is None:
        if recipe.floor_percent > 0:
            raise NoPrice("no_cost")
        return None
    exact = facts.cost / (ONE - recipe.floor_percent / HUNDRED) * (ONE + facts.tax)
    return exact.quantize(Decimal(1).scaleb(-exponent(recipe.currency)), rounding=ROUND_CEILING)


def _ended(recipe: Recipe, amount: Decimal, *, upwards: bool = False) -> Decimal:
    """On the price endings where the plan asks for them, in any case on the market's grid."""
    rule = recipe.charm
    if rule is None:
        on_grid = to_grid(amount, recipe.increment)
        if upwards and on_grid < amount:
            on_grid += recipe.increment
        return round_half_up(on_grid, recipe.currency).amount
    if upwards:
        rule = CharmRule(ending=rule.ending, step=rule.step, mode="up", increment=rule.increment)
        ended = round_half_up(charm_price(amount, rule), recipe.currency).amount
        return ended if ended >= amount else round_half_up(ended + rule.step, recipe.currency).amount
    return round_half_up(charm_price(amount, rule), recipe.currency).amount
