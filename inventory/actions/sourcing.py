"""What was decided is kept with the order; lanes are drafted from the delivery tables that are there already."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from core import audit
from inventory.errors import OverrideReasonMissing
from inventory.models import AllocationDecision, DeliveryMethod, Lane, LaneRate, WarehousePriority
from inventory.sourcing.asking import MethodPlan
from inventory.sourcing.network import forget_networks
from inventory.sourcing.reach import tell_reach
from inventory.sourcing.stored import beaten_json, candidate_json, problem_json, reason_json
from markets.customs import crosses_customs
from markets.models import Market

Cause = AllocationDecision.Cause


def note_decision(*, order_ref: str, market_code: str, plan: MethodPlan | None, cause: str) -> None:
    """Keep why an order leaves from where it does. Nothing to keep where the market has no lanes.

    Part of the transaction that promises the stock.
    """
    if plan is None:
        return
    decision = plan.decision
    AllocationDecision.objects.create(
        order_ref=order_ref,
        market=market_code,
        cause=cause,
        currency=plan.problem.currency,
        score_minor=decision.chosen.score,
        is_exact=decision.is_exact,
        chosen={
            **candidate_json(decision.chosen),
            "method": plan.code,
            "reasons": [reason_json(one) for one in decision.reasons],
        },
        alternatives=[beaten_json(one) for one in decision.alternatives],
        inputs=problem_json(plan.problem),
        engine_version=decision.engine,
        actor=audit.current_actor().label[:150],
    )


def note_override(
    *, order_ref: str, market_code: str, currency: str, units: Mapping[str, Mapping[str, int]], reason: str
) -> None:
    """Keep that a person chose other warehouses than the planner: units by warehouse and line. Needs a reason.

    Only where the order has a decision to differ from. Raises `OverrideReasonMissing`.
    """
    before = AllocationDecision.objects.filter(order_ref=order_ref).first()
    if before is None:
        return
    if not reason.strip():
        raise OverrideReasonMissing
    chosen: dict[str, Any] = {
        "takes": [
            [line_ref, 0, code, count] for code, lines in sorted(units.items()) for line_ref, count in lines.items()
        ],
        "method": before.chosen.get("method", ""),
        "consignments": [],
        "costs": {},
        "reasons": [],
    }
    AllocationDecision.objects.create(
        order_ref=order_ref,
        market=market_code,
        cause=Cause.OVERRIDDEN,
        currency=currency,
        score_minor=0,
        chosen=chosen,
        alternatives=[{**before.chosen, "reason": {"code": "planned", "facts": {}}}],
        inputs={},
        engine_version=before.engine_version,
        reason=reason.strip()[:300],
        actor=audit.current_actor().label[:150],
    )


@transaction.atomic
def draft_lanes(*, market_code: str) -> int:
    """Lanes as the delivery tables of a market describe them, switched off; returns how many are new.

    Each warehouse that serves the market gets one for every method and country. The days are those of the method from
    that warehouse; the costs are what shoppers pay, to be replaced by what the carrier asks before it is switched on.
    Lanes that exist are left alone.
    """
    market = Market.objects.get(code=market_code)
    places = [one.warehouse for one in WarehousePriority.objects.filter(market=market).select_related("warehouse")]
    methods = DeliveryMethod.objects.filter(market=market, is_active=True).prefetch_related("rates", "lead_times")
    shipped_to = list(
        market.market_countries.filter(ships_to=True).order_by("position").values_list("country_id", flat=True)
    )
    made = 0
    for method in methods:
        for place in places:
            for country in method.countries or shipped_to:
                made += _draft(method, place, str(country))
    if made:
        audit.record("inventory.draft_lanes", market, data={"made": made})
        forget_networks()
    return made


def _draft(method: DeliveryMethod, place: Any, country: str) -> bool:
    own = next((lead for lead in method.lead_times.all() if lead.warehouse_id == place.pk), None)
    first, last = (own.days_min, own.days_max) if own else (method.days_min, method.days_max)
    lane, made = Lane.objects.get_or_create(
        warehouse=place,
        method=method,
        country=country,
        region="",
        postcode_prefix="",
        defaults={
            "carrier": method.carrier,
            "service": method.name,
            "divisor": 0,
            "lead_p50": first,
            "lead_p90": last,
            "prepays_duty": method.prepays_duty or not crosses_customs(place.country, country),
            "is_active": False,
        },
    )
    if made:
        LaneRate.objects.bulk_create(
            LaneRate(lane=lane, up_to_g=rate.up_to_g, cost=rate.amount) for rate in method.rates.all()
        )
    return made


@transaction.atomic
def note_lane(*, lane_id: int) -> None:
    """What follows when an operator changed a lane: every process plans by it, and lists show what can be sent."""
    lane = Lane.objects.select_related("method").get(pk=lane_id)
    audit.record("inventory.change_lane", lane)
    forget_networks()
    tell_reach({lane.method.market_id})


@transaction.atomic
def switch_lanes(*, lane_ids: list[int], is_active: bool) -> int:
    """Let lanes decide, or no longer; returns how many changed. A lane without brackets is never switched on."""
    rows = Lane.objects.lock().filter(pk__in=lane_ids).exclude(is_active=is_active).select_related("method")
    if is_active:
        rows = rows.filter(pk__in=LaneRate.objects.values("lane_id"))
    lanes = list(rows)
    Lane.objects.filter(pk__in=[lane.pk for lane in lanes]).update(is_active=is_active)
    for lane in lanes:
        audit.record("inventory.switch_lane", lane, data={"active": is_active})
    if lanes:
        forget_networks()
        tell_reach({lane.method.market_id for lane in lanes})
    return len(lanes)


@transaction.atomic
def note_lanes_changed(*, market_ids: Collection[int]) -> None:
    """What follows when lanes of markets were deleted, or a delivery method that has some was changed."""
    audit.record("inventory.change_lanes", "inventory.Lane", data={"markets": sorted(market_ids)})
    forget_networks()
    tell_reach(market_ids)


@transaction.atomic
def note_sourcing_rules(*, market_id: int) -> None:
    """What follows when the rules or weights of a market were changed."""
    audit.record("inventory.change_sourcing", Market.objects.get(pk=market_id))
    forget_networks()
