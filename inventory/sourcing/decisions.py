"""Decisions as pages show them: sentences, amounts and days instead of what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from catalog.measures import weight_text
from core.money import Money, from_minor
from inventory.models import AllocationDecision, Warehouse
from inventory.sourcing.boxes import pack
from inventory.sourcing.stored import problem_from
from inventory.sourcing.types import Problem
from inventory.sourcing.words import beaten_sentence, cost_name, reason_sentence


@dataclass(frozen=True, kw_only=True)
class ConsignmentView:
    """What leaves one warehouse. `duty` is None where nobody knows it. `cartons` are sizes with how many of each."""

    place: str
    carrier: str
    service: str
    pieces: int
    parcels: int
    billed: str
    freight: Money
    duty: Money | None
    leaves_on: date
    earliest: date
    latest: date
    cartons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class AlternativeView:
    """Another way, and what spoke against it. No days and no total where a person overruled a plan."""

    places: str
    total: Money | None
    latest: date | None
    why: str


@dataclass(frozen=True, kw_only=True)
class DecisionView:
    """One decision."""

    pk: int
    cause: str
    at: datetime
    actor: str
    reason: str
    places: str
    is_exact: bool
    total: Money | None
    costs: tuple[tuple[str, Money], ...]
    why: tuple[str, ...]
    consignments: tuple[ConsignmentView, ...]
    alternatives: tuple[AlternativeView, ...]
    engine: str


def has_decision(order_ref: str) -> bool:
    """Whether lanes decided from where this order leaves."""
    return AllocationDecision.objects.filter(order_ref=order_ref).exists()


def decisions_of(order_ref: str) -> tuple[DecisionView, ...]:
    """All of them, the newest first. One query, and one for the warehouses' names when there is any."""
    rows = list(AllocationDecision.objects.filter(order_ref=order_ref))
    if not rows:
        return ()
    names = {place.code: place.name_i18n for place in Warehouse.objects.all()}
    return tuple(_view(row, names) for row in rows)


def _view(row: AllocationDecision, names: Mapping[str, str]) -> DecisionView:
    chosen, currency = row.chosen, row.currency
    problem = problem_from(row.inputs) if row.inputs else None
    is_planned = bool(chosen["consignments"])
    return DecisionView(
        pk=row.pk,
        cause=str(row.get_cause_display()),
        at=row.created,
        actor=row.actor,
        reason=row.reason,
        places=_places(chosen, names),
        is_exact=row.is_exact,
        total=from_minor(chosen["score"], currency) if is_planned else None,
        costs=tuple((cost_name(part), from_minor(minor, currency)) for part, minor in chosen["costs"].items() if minor),
        why=tuple(reason_sentence(one, currency) for one in chosen["reasons"]),
        consignments=tuple(_consignment(one, chosen, problem, currency, names) for one in chosen["consignments"]),
        alternatives=tuple(_alternative(one, currency, names) for one in row.alternatives),
        engine=row.engine_version,
    )


def _places(kept: Mapping[str, Any], names: Mapping[str, str]) -> str:
    codes = dict.fromkeys(code for _line, _variant, code, _count in kept["takes"])
    return " + ".join(names.get(code, code) for code in codes)


def _consignment(
    kept: Mapping[str, Any],
    chosen: Mapping[str, Any],
    problem: Problem | None,
    currency: str,
    names: Mapping[str, str],
) -> ConsignmentView:
    code = kept["warehouse"]
    return ConsignmentView(
        place=names.get(code, code),
        carrier=kept["carrier"],
        service=kept["service"],
        pieces=kept["pieces"],
        parcels=kept["parcels"],
        billed=weight_text(kept["billed_g"]),
        freight=from_minor(kept["freight"], currency),
        duty=from_minor(kept["duty"], currency) if kept["duty"] is not None else None,
        leaves_on=date.fromisoformat(kept["leaves_on"]),
        earliest=date.fromisoformat(kept["earliest"]),
        latest=date.fromisoformat(kept["latest"]),
        cartons=_cartons(problem, code, chosen["takes"]),
    )


def _cartons(problem: Problem | None, code: str, takes: Sequence[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    if problem is None or not problem.boxes:
        return ()
    pieces = [
        (problem.goods[variant], count)
        for _line, variant, place, count in takes
        if place == code and variant in problem.goods
    ]
    counts: dict[str, int] = {}
    for one in pack(pieces, problem.boxes):
        counts[one.box_name] = counts.get(one.box_name, 0) + 1
    return tuple(counts.items())


def _alternative(kept: Mapping[str, Any], currency: str, names: Mapping[str, str]) -> AlternativeView:
    days = [date.fromisoformat(one["latest"]) for one in kept["consignments"]]
    return AlternativeView(
        places=_places(kept, names),
        total=from_minor(kept["score"], currency) if "score" in kept else None,
        latest=max(days, default=None),
        why=beaten_sentence(kept["reason"], currency),
    )
