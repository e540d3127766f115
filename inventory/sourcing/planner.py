"""From which warehouses a set of wishes leaves, and why. Pure: no database, no clock; equal problems, equal decisions.

Every choice of up to three warehouses is looked at, and within it every way to give whole lines to one of them; a
line is split only where none of them has all of it. The market's rules decide one after the other, then what is not
known of duty, then the sum of freight, further parcels, duty, lateness and last pieces, then the market's own order.
All of these only grow while a plan is made, so a plan that is already worse than the best ones is given up.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, permutations
from typing import NamedTuple

from inventory.planning import MOST_PARCELS, Take
from inventory.sourcing.choosing import days_late, rule_weights
from inventory.sourcing.explaining import beaten_by, reasons_for
from inventory.sourcing.freight import Freight, can_carry, freight
from inventory.sourcing.types import Beaten, Candidate, Consignment, Decision, Good, Problem, Site
from inventory.types import Demand

MOST_SITES = 8
"""Beyond so many the market's own order decides which are looked at."""
MOST_STEPS = 500
"""After so many the search ends with the best plan so far, and the decision says so. It is what bounds the time."""
ALTERNATIVES = 3

Partial = tuple[tuple[int, ...], int, int]
Share = tuple[str, int]
"""So many units of a line from a warehouse."""
Needs = Sequence[tuple[int, int]]
"""What one unit of a line takes from a shelf: variants with pieces."""


def plan(problem: Problem, *, most_steps: int = MOST_STEPS) -> Decision | None:
    """The best way to serve everything, with the best plans from other warehouses; none when there is no way.

    No lines are served by nothing, which is no plan either.
    """
    if not problem.demands:
        return None
    search = _Search(problem, most_steps)
    search.run()
    if not search.found:
        return None
    ranked = sorted(search.found.values(), key=lambda one: one.key)
    chosen, others = ranked[0], ranked[1 : ALTERNATIVES + 1]
    return Decision(
        chosen=chosen,
        alternatives=tuple(Beaten(candidate=one, reason=beaten_by(problem, one, chosen)) for one in others),
        reasons=reasons_for(problem, chosen, others),
        is_exact=search.is_exact,
    )


class _Load(NamedTuple):
    """What one warehouse sends so far."""

    weight_g: int = 0
    mm3: int = 0
    pieces: int = 0
    duty: int = 0
    unknown: int = 0


NOTHING = _Load()


class _Unit(NamedTuple):
    """What one unit of a line from a warehouse counts: by rule, and in its load."""

    rules: tuple[int, ...]
    load: _Load


class _State(NamedTuple):
    """A plan in the making: what each line so far leaves with, and what that comes to."""

    left: Mapping[Share, int]
    loads: Mapping[str, _Load]
    shares: tuple[tuple[Share, ...], ...]
    rules: tuple[int, ...]
    emptied: int = 0


class _Choice(NamedTuple):
    """Warehouses that may send, and what the lines from each depth on come to at least: rules, unknown, duty.

    `least`: how many of them have to send something; fewer are looked at as a smaller choice.
    """

    codes: tuple[str, ...]
    least: int
    rests: tuple[tuple[int, ...], ...]


class _Search:
    """Depth first through the lines, the cheapest next step first."""

    def __init__(self, problem: Problem, most_steps: int) -> None:
        self.problem = problem
        self.sites = {site.code: site for site in sorted(problem.sites, key=lambda one: one.position)[:MOST_SITES]}
        self.items = {(row.warehouse_code, row.variant_id): row.stock_item_id for row in problem.rows}
        self.stock = _stock(problem, self.sites)
        self.needs = [[(piece.variant_id, piece.per_set) for piece in demand.needs] for demand in problem.demands]
        self.counted = [at for at, rule in enumerate(problem.rules) if rule.kind == "min_splits"]
        reference = problem.promised or min((site.latest for site in self.sites.values()), default=None)
        self.days = {code: days_late(site.latest, reference) for code, site in self.sites.items()}
        self.found: dict[frozenset[str], Candidate] = {}
        self.ranking: list[Partial] = []
        self.steps, self.most_steps = 0, most_steps
        self.freights: dict[tuple[str, int, int], Freight | None] = {}
        self.units = self._units()

    @property
    def is_exact(self) -> bool:
        """Whether the search came to its end by itself."""
        return self.steps < self.most_steps

    def run(self) -> None:
        """The choices that may be best first: what they come to bounds what the others may."""
        codes = tuple(self.sites)
        sizes = range(1, min(MOST_PARCELS, len(codes)) + 1)
        choices = [self._choice(chosen, len(chosen)) for size in sizes for chosen in combinations(codes, size)]
        self._look_at([choice for choice in choices if choice is not None])
        if not self.found and len(codes) > MOST_PARCELS:
            every = self._choice(codes, 1)
            self._look_at([every] if every is not None else [])

    def _units(self) -> dict[tuple[int, str], _Unit]:
        """By line and warehouse, where the warehouse has at least one unit."""
        weights = rule_weights(self.problem, self.sites)
        found: dict[tuple[int, str], _Unit] = {}
        for at, needs in enumerate(self.needs):
            for code in self.sites:
                if _units(needs, self.stock, code):
                    pieces = [((code, variant_id), count) for variant_id, count in needs]
                    rules = tuple(sum(by_key[key] * count for key, count in pieces) for by_key in weights)
                    found[at, code] = _Unit(rules, self._unit_load(pieces))
        return found

    def _unit_load(self, pieces: Sequence[tuple[Share, int]]) -> _Load:
        load = NOTHING
        for key, count in pieces:
            good = self.problem.goods.get(key[1], Good(variant_id=key[1]))
            duty = self.problem.duty.get(key, 0)
            load = _Load(
                load.weight_g + good.weight_g * count,
                load.mm3 + good.mm3 * count,
                load.pieces + count,
                load.duty + (duty or 0) * count,
                load.unknown + (count if duty is None else 0),
            )
        return load

    def _choice(self, codes: tuple[str, ...], least: int) -> _Choice | None:
        """None when the warehouses together do not have enough, or cannot serve a single unit of a line."""
        if not _suffices(self.problem.demands, self.needs, self.stock, codes):
            return None
        rest = (0,) * (len(self.problem.rules) + 2)
        rests = [rest]
        for at, demand in reversed(list(enumerate(self.problem.demands))):
            units = [self.units[at, code] for code in codes if (at, code) in self.units]
            if not units:
                return None
            columns = zip(*((*one.rules, one.load.unknown, one.load.duty) for one in units), strict=True)
            cheapest = [min(column) for column in columns]
            rest = tuple(had + one * demand.quantity for had, one in zip(rest, cheapest, strict=True))
            rests.append(rest)
        return _Choice(codes, least, tuple(reversed(rests)))

    def _look_at(self, choices: Sequence[_Choice]) -> None:
        starts: list[tuple[Partial, int, _State, _Choice]] = []
        for number, choice in enumerate(choices):
            left = {key: count for key, count in self.stock.items() if key[0] in choice.codes}
            state = _State(left, {}, (), (0,) * len(self.problem.rules))
            partial = self._partial(state, 0, choice)
            if partial is not None:
                starts.append((partial, number, state, choice))
        for partial, _number, state, choice in sorted(starts, key=lambda one: one[:2]):
            if self._may_matter(partial, choice):
                self._descend(0, state, choice)

    def _descend(self, depth: int, state: _State, choice: _Choice) -> None:
        if depth == len(self.problem.demands):
            if len(state.loads) >= choice.least:
                self._keep(state)
            return
        quantity = self.problem.demands[depth].quantity
        nexts: list[tuple[Partial, int, _State]] = []
        for number, shares in enumerate(_options(quantity, self.needs[depth], state.left, choice.codes)):
            after = self._after(state, depth, shares)
            partial = self._partial(after, depth + 1, choice)
            if partial is not None and self._may_matter(partial, choice):
                nexts.append((partial, number, after))
        for partial, _number, after in sorted(nexts, key=lambda one: one[:2]):
            self.steps += 1
            if self.steps >= self.most_steps and self.found:
                return
            if self._may_matter(partial, choice):
                self._descend(depth + 1, after, choice)

    def _may_matter(self, partial: Partial, choice: _Choice) -> bool:
        """Not when it is no better than the best from the same warehouses, or behind all that will be shown."""
        own = self.found.get(frozenset(choice.codes)) if choice.least == len(choice.codes) else None
        if own is not None and partial >= own.key[:3]:
            return False
        return len(self.ranking) <= ALTERNATIVES or partial <= self.ranking[ALTERNATIVES]

    def _after(self, state: _State, at: int, shares: tuple[Share, ...]) -> _State:
        left, loads = dict(state.left), dict(state.loads)
        rules, emptied = state.rules, state.emptied
        for code, units in shares:
            for variant_id, per_set in self.needs[at]:
                rest = left[code, variant_id] - units * per_set
                left[code, variant_id] = rest
                emptied += not rest
            unit, load = self.units[at, code], loads.get(code, NOTHING)
            loads[code] = _Load(
                load.weight_g + unit.load.weight_g * units,
                load.mm3 + unit.load.mm3 * units,
                load.pieces + unit.load.pieces * units,
                load.duty + unit.load.duty * units,
                load.unknown + unit.load.unknown * units,
            )
            if rules:
                rules = tuple([had + one * units for had, one in zip(rules, unit.rules, strict=True)])
        return _State(left, loads, (*state.shares, shares), rules, emptied)

    def _freight(self, code: str, load: _Load) -> Freight | None:
        key = (code, load.weight_g, load.mm3)
        if key not in self.freights:
            lane = self.sites[code].lane
            self.freights[key] = freight(lane, self.problem.boxes, weight_g=load.weight_g, mm3=load.mm3)
        return self.freights[key]

    def _partial(self, state: _State, depth: int, choice: _Choice) -> Partial | None:
        """What a plan comes to at least; none when a lane does not carry what it would have to.

        Warehouses that have to send something and do not yet are counted with the least their lanes ask.
        """
        cost = unknown = days = 0
        for code, load in state.loads.items():
            found = self._freight(code, load)
            if found is None:
                return None
            cost += found.cost + load.duty
            unknown += load.unknown
            days = max(days, self.days[code])
        count = len(state.loads)
        if choice.least == len(choice.codes) and count < choice.least:
            for code in choice.codes:
                if code not in state.loads:
                    found = self._freight(code, NOTHING)
                    if found is None:
                        return None
                    cost += found.cost
                    days = max(days, self.days[code])
        *rules, unknown_left, duty_left = choice.rests[depth]
        together = [had + more for had, more in zip(state.rules, rules, strict=True)] if rules else []
        count = max(count, choice.least)
        weights = self.problem.weights
        cost += duty_left + self._split(count) + weights.late * days + weights.scarce * state.emptied
        return self._rules(together, count), unknown + unknown_left, cost

    def _rules(self, values: Iterable[int], count: int) -> tuple[int, ...]:
        found = list(values)
        for at in self.counted:
            found[at] = count
        return tuple(found)

    def _split(self, count: int) -> int:
        return self.problem.weights.split * max(0, count - 1)

    def _late(self, codes: Iterable[str]) -> int:
        return self.problem.weights.late * max((self.days[code] for code in codes), default=0)

    def _keep(self, state: _State) -> None:
        candidate = self._candidate(state)
        codes = frozenset(candidate.codes)
        known = self.found.get(codes)
        if known is not None and known.key <= candidate.key:
            return
        if known is not None:
            self.ranking.remove(known.key[:3])
        self.found[codes] = candidate
        insort(self.ranking, candidate.key[:3])

    def _candidate(self, state: _State) -> Candidate:
        codes = sorted(state.loads, key=lambda code: self.sites[code].position)
        sent = tuple(self._consignment(code, state.loads[code]) for code in codes)
        return Candidate(
            takes=self._takes(state),
            consignments=sent,
            rules=self._rules(state.rules, len(codes)),
            freight=sum(one.freight for one in sent),
            split=self._split(len(codes)),
            duty=sum(load.duty for load in state.loads.values()),
            late=self._late(codes),
            scarcity=self.problem.weights.scarce * state.emptied,
            unknown_duty=sum(load.unknown for load in state.loads.values()),
            positions=tuple(self.sites[code].position for code in codes),
        )

    def _takes(self, state: _State) -> tuple[Take, ...]:
        return tuple(
            take
            for demand, shares in zip(self.problem.demands, state.shares, strict=True)
            for code, units in shares
            for take in _takes(demand, code, units, self.items)
        )

    def _consignment(self, code: str, load: _Load) -> Consignment:
        site, cost = self.sites[code], self._freight(code, load) or Freight(1, 0, 0)
        return Consignment(
            warehouse_code=code,
            lane_id=site.lane.lane_id,
            carrier=site.lane.carrier,
            service=site.lane.service,
            pieces=load.pieces,
            weight_g=load.weight_g,
            billed_g=cost.billed_g,
            parcels=cost.parcels,
            freight=cost.cost,
            duty=None if load.unknown else load.duty,
            leaves_on=site.leaves_on,
            earliest=site.earliest,
            latest=site.latest,
            prepays_duty=site.lane.prepays_duty,
        )


def _stock(problem: Problem, sites: Mapping[str, Site]) -> dict[Share, int]:
    """What each warehouse can give of each variant, less what its lane does not carry."""
    found: dict[Share, int] = {}
    for row in problem.rows:
        good = problem.goods.get(row.variant_id, Good(variant_id=row.variant_id))
        site = sites.get(row.warehouse_code)
        if site is not None and can_carry(site.lane, weight_g=good.weight_g, mm3=good.mm3, flags=good.flags):
            found[row.warehouse_code, row.variant_id] = max(0, row.available)
    return found


def _suffices(
    demands: Sequence[Demand], needs: Sequence[Needs], stock: Mapping[Share, int], codes: Sequence[str]
) -> bool:
    wanted: dict[int, int] = {}
    for demand, pieces in zip(demands, needs, strict=True):
        for variant_id, per_set in pieces:
            wanted[variant_id] = wanted.get(variant_id, 0) + demand.quantity * per_set
    return all(sum(stock.get((code, pk), 0) for code in codes) >= count for pk, count in wanted.items())


def _options(quantity: int, needs: Needs, left: Mapping[Share, int], codes: Sequence[str]) -> list[tuple[Share, ...]]:
    """The ways to give a line away: whole to one warehouse; where none has all of it, in turns of each order."""
    units = {code: _units(needs, left, code) for code in codes}
    whole: list[tuple[Share, ...]] = [((code, quantity),) for code in codes if units[code] >= quantity]
    if whole:
        return whole
    orders = permutations(codes) if len(codes) <= MOST_PARCELS else (tuple(codes),)
    found: dict[tuple[Share, ...], None] = {}
    for order in orders:
        missing, shares = quantity, []
        for code in order:
            count = min(missing, units[code])
            if count:
                missing -= count
                shares.append((code, count))
        if not missing:
            found[tuple(sorted(shares))] = None
    return list(found)


def _units(needs: Needs, left: Mapping[Share, int], code: str) -> int:
    return min([left.get((code, variant_id), 0) // per_set for variant_id, per_set in needs])


def _takes(demand: Demand, code: str, units: int, items: Mapping[Share, int]) -> list[Take]:
    return [
        Take(
            items[code, piece.variant_id],
            code,
            piece.line_ref,
            piece.variant_id,
            units * piece.per_set,
            demand.line_ref,
            demand.variant_id,
            units,
        )
        for piece in demand.needs
    ]
