"""Decisions and problems as they are kept, and problems read back so that they can be planned again. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from inventory.planning import StockRow
from inventory.sourcing.types import (
    Beaten,
    BoxSize,
    Bracket,
    Candidate,
    Consignment,
    Good,
    LaneTerms,
    Problem,
    Reason,
    Rule,
    Site,
    Weights,
)
from inventory.types import Demand, Piece

Json = dict[str, Any]
PARTS = ("freight", "split", "duty", "late", "scarcity")


def candidate_json(candidate: Candidate) -> Json:
    """A plan: its parcels, what it costs by kind, and what leaves from where by line."""
    return {
        "consignments": [_consignment_json(one) for one in candidate.consignments],
        "rules": list(candidate.rules),
        "costs": {name: getattr(candidate, name) for name in PARTS},
        "score": candidate.score,
        "unknown_duty": candidate.unknown_duty,
        "takes": [[take.line_ref, take.variant_id, take.warehouse_code, take.quantity] for take in candidate.takes],
    }


def beaten_json(beaten: Beaten) -> Json:
    """A plan that was not chosen, with what spoke against it."""
    return {**candidate_json(beaten.candidate), "reason": reason_json(beaten.reason)}


def reason_json(reason: Reason) -> Json:
    """A reason: a code and its facts."""
    return {"code": reason.code, "facts": dict(reason.facts)}


def _consignment_json(one: Consignment) -> Json:
    return {
        "warehouse": one.warehouse_code,
        "lane": one.lane_id,
        "carrier": one.carrier,
        "service": one.service,
        "pieces": one.pieces,
        "weight_g": one.weight_g,
        "billed_g": one.billed_g,
        "parcels": one.parcels,
        "freight": one.freight,
        "duty": one.duty,
        "leaves_on": one.leaves_on.isoformat(),
        "earliest": one.earliest.isoformat(),
        "latest": one.latest.isoformat(),
        "prepays_duty": one.prepays_duty,
    }


def problem_json(problem: Problem) -> Json:
    """Everything that was looked at."""
    return {
        "currency": problem.currency,
        "country": problem.country,
        "demands": [_demand_json(one) for one in problem.demands],
        "rows": [
            [row.stock_item_id, row.warehouse_code, row.position, row.variant_id, row.available] for row in problem.rows
        ],
        "sites": [_site_json(site) for site in problem.sites],
        "goods": [
            [good.variant_id, good.weight_g, list(good.sides) if good.sides else None, sorted(good.flags)]
            for good in problem.goods.values()
        ],
        "boxes": [[box.code, box.name, list(box.sides), box.tare_g, box.max_weight_g] for box in problem.boxes],
        "rules": [[rule.kind, list(rule.codes)] for rule in problem.rules],
        "weights": [problem.weights.split, problem.weights.late, problem.weights.scarce],
        "duty": [[code, pk, amount] for (code, pk), amount in problem.duty.items()],
        "ages": [[code, pk, rank] for (code, pk), rank in problem.ages.items()],
        "promised": problem.promised.isoformat() if problem.promised else None,
    }


def problem_from(kept: Mapping[str, Any]) -> Problem:
    """The problem as it was. Raises `KeyError` for something that is none."""
    split, late, scarce = kept["weights"]
    return Problem(
        currency=kept["currency"],
        country=kept["country"],
        demands=tuple(_demand(row) for row in kept["demands"]),
        rows=tuple(StockRow(*row) for row in kept["rows"]),
        sites=tuple(_site(row) for row in kept["sites"]),
        goods={
            pk: Good(variant_id=pk, weight_g=weight, sides=_sides(sides), flags=frozenset(flags))
            for pk, weight, sides, flags in kept["goods"]
        },
        boxes=tuple(
            BoxSize(code=code, name=name, sides=_sides(sides) or (1, 1, 1), tare_g=tare, max_weight_g=most)
            for code, name, sides, tare, most in kept["boxes"]
        ),
        rules=tuple(Rule(kind, tuple(codes)) for kind, codes in kept["rules"]),
        weights=Weights(split=split, late=late, scarce=scarce),
        duty={(code, pk): amount for code, pk, amount in kept["duty"]},
        ages={(code, pk): rank for code, pk, rank in kept["ages"]},
        promised=date.fromisoformat(kept["promised"]) if kept["promised"] else None,
    )


def _sides(kept: list[int] | None) -> tuple[int, int, int] | None:
    return (kept[0], kept[1], kept[2]) if kept else None


def _demand_json(demand: Demand) -> Json:
    pieces = [[piece.line_ref, piece.variant_id, piece.per_set] for piece in demand.pieces]
    return {"line": demand.line_ref, "variant": demand.variant_id, "quantity": demand.quantity, "pieces": pieces}


def _demand(kept: Mapping[str, Any]) -> Demand:
    return Demand(
        line_ref=kept["line"],
        variant_id=kept["variant"],
        quantity=kept["quantity"],
        pieces=tuple(Piece(line_ref=ref, variant_id=pk, per_set=count) for ref, pk, count in kept["pieces"]),
    )


def _site_json(site: Site) -> Json:
    lane = site.lane
    return {
        "code": site.code,
        "position": site.position,
        "country": site.country,
        "kind": site.kind,
        "leaves_on": site.leaves_on.isoformat(),
        "earliest": site.earliest.isoformat(),
        "latest": site.latest.isoformat(),
        "lane": {
            "id": lane.lane_id,
            "carrier": lane.carrier,
            "service": lane.service,
            "brackets": [[row.up_to_g, row.cost, row.per_kg] for row in lane.brackets],
            "divisor": lane.divisor,
            "step_g": lane.step_g,
            "max_weight_g": lane.max_weight_g,
            "max_mm3": lane.max_mm3,
            "forbidden": sorted(lane.forbidden),
            "prepays_duty": lane.prepays_duty,
        },
    }


def _site(kept: Mapping[str, Any]) -> Site:
    lane = kept["lane"]
    return Site(
        code=kept["code"],
        position=kept["position"],
        country=kept["country"],
        kind=kept["kind"],
        leaves_on=date.fromisoformat(kept["leaves_on"]),
        earliest=date.fromisoformat(kept["earliest"]),
        latest=date.fromisoformat(kept["latest"]),
        lane=LaneTerms(
            lane_id=lane["id"],
            carrier=lane["carrier"],
            service=lane["service"],
            brackets=tuple(Bracket(*row) for row in lane["brackets"]),
            divisor=lane["divisor"],
            step_g=lane["step_g"],
            max_weight_g=lane["max_weight_g"],
            max_mm3=lane["max_mm3"],
            forbidden=frozenset(lane["forbidden"]),
            prepays_duty=lane["prepays_duty"],
        ),
    )
