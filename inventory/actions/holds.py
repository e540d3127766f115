"""Hold stock for a shopper who is paying, and turn the hold into a promise to an order."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from core.locks import LockingQuerySet
from inventory.actions.counters import Change, Kind, NotEnough, apply
from inventory.errors import HoldExpired, OutOfStock
from inventory.models import Allocation, Reservation
from inventory.planning import Take, variants_of
from inventory.queries import parcels_of, stock_rows
from inventory.sourcing.asking import Leaving, MethodPlan, plan_leaving
from inventory.sourcing.types import Route
from inventory.stockwork.pools import WEB
from inventory.types import Demand, ParcelPlan


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is held: the consignments it makes, and the plan behind them where lanes decide."""

    parcels: tuple[ParcelPlan, ...]
    plan: MethodPlan | None = None


def hold_stock(
    *,
    owner: uuid.UUID,
    demands: Sequence[Demand],
    market_code: str,
    minutes: int = 15,
    route: Route | None = None,
    channel: str = WEB,
) -> tuple[ParcelPlan, ...]:
    """`hold_sourced` for those who do not ask why."""
    held = hold_sourced(
        owner=owner, demands=demands, market_code=market_code, minutes=minutes, route=route, channel=channel
    )
    return held.parcels


def hold_sourced(
    *,
    owner: uuid.UUID,
    demands: Sequence[Demand],
    market_code: str,
    minutes: int = 15,
    route: Route | None = None,
    channel: str = WEB,
) -> Held:
    """Hold everything or nothing for `owner`; returns from where it will leave. Holding a set holds its components.

    Only warehouses the channel may sell from are asked.

    A hold the owner has already is replaced. Plans by an unlocked read, takes with guarded updates, and
    plans once more when somebody was faster. With a `route` the market's lanes decide, where it has any. Raises
    `OutOfStock` naming the line; nothing is held then.
    """
    try:
        return _hold(owner, demands, (market_code, channel), minutes, route)
    except NotEnough:
        pass
    try:
        return _hold(owner, demands, (market_code, channel), minutes, route)
    except NotEnough as lost:
        line = next(demand for demand in demands if lost.change.line_ref in {piece.line_ref for piece in demand.needs})
        raise OutOfStock(
            variant_id=line.variant_id, wanted=line.quantity, available=0, line_ref=line.line_ref
        ) from lost


def _hold(
    owner: uuid.UUID, demands: Sequence[Demand], sold_in: tuple[str, str], minutes: int, route: Route | None
) -> Held:
    market_code, channel = sold_in
    with transaction.atomic():
        _give_back(Reservation.objects.filter(owner=owner, state=Reservation.State.HELD))
        leaving = plan_leaving(demands, stock_rows(market_code, variants_of(demands), channel=channel), route)
        takes = leaving.takes
        until = Now() + timedelta(minutes=minutes)
        rows = Reservation.objects.bulk_create(
            [
                Reservation(
                    owner=owner,
                    line_ref=take.line_ref,
                    stock_item_id=take.stock_item_id,
                    quantity=take.quantity,
                    expires_at=until,
                )
                for take in takes
            ]
        )
        apply([_reserve(row, take) for row, take in zip(rows, takes, strict=True)])
        return Held(parcels=_parcels(leaving), plan=leaving.plan)


def _parcels(leaving: Leaving) -> tuple[ParcelPlan, ...]:
    """The consignments, with the carrier and the days of their lanes."""
    plans = parcels_of(leaving.takes)
    if leaving.plan is None:
        return plans
    lanes = {one.warehouse_code: one for one in leaving.plan.decision.chosen.consignments}
    return tuple(
        replace(
            plan,
            carrier=lanes[plan.warehouse_code].carrier,
            earliest=lanes[plan.warehouse_code].earliest,
            latest=lanes[plan.warehouse_code].latest,
        )
        for plan in plans
    )


def _reserve(row: Reservation, take: Take) -> Change:
    return Change(
        stock_item_id=take.stock_item_id,
        variant_id=take.variant_id,
        kind=Kind.RESERVE,
        quantity=take.quantity,
        d_reserved=take.quantity,
        needs_available=take.quantity,
        line_ref=take.line_ref,
        cause=f"hold {row.owner}",
        op_key=f"reservation:{row.pk}",
    )


def convert_hold(*, owner: uuid.UUID, order_ref: str) -> None:
    """Promise what `owner` holds to the order: line "2" of the hold becomes line "<order_ref>/2".

    Part of the transaction that writes the order. Raises `HoldExpired` when nothing is held any more.
    """
    with transaction.atomic():
        rows = list(Reservation.objects.lock().filter(owner=owner, state=Reservation.State.HELD))
        if not rows:
            raise HoldExpired
        Reservation.objects.filter(pk__in=[row.pk for row in rows]).update(state=Reservation.State.CONVERTED)
        for row in rows:
            _promise(row, order_ref)
        apply([_convert(row, order_ref) for row in rows])


def _promise(row: Reservation, order_ref: str) -> None:
    line_ref = f"{order_ref}/{row.line_ref}"
    found = Allocation.objects.filter(line_ref=line_ref, stock_item_id=row.stock_item_id)
    if not found.update(quantity=F("quantity") + row.quantity):
        Allocation.objects.create(
            order_ref=order_ref, line_ref=line_ref, stock_item_id=row.stock_item_id, quantity=row.quantity
        )


def _convert(row: Reservation, order_ref: str) -> Change:
    return Change(
        stock_item_id=row.stock_item_id,
        kind=Kind.ALLOCATE,
        quantity=row.quantity,
        d_reserved=-row.quantity,
        d_allocated=row.quantity,
        order_ref=order_ref,
        line_ref=f"{order_ref}/{row.line_ref}",
        cause=f"hold {row.owner}",
        op_key=f"reservation:{row.pk}",
    )


def release_hold(*, owner: uuid.UUID) -> int:
    """Give back what `owner` holds; returns how many rows. Nothing held is fine."""
    with transaction.atomic():
        return _give_back(Reservation.objects.filter(owner=owner, state=Reservation.State.HELD))


def expire_holds(limit: int = 500) -> int:
    """Give back holds whose time is over, by the database's clock; rows another worker has are left to it.

    A hold goes whole or stays whole: while a part of it is being turned into an order, or lies beyond `limit`, the
    rest waits. Otherwise that order would be promised some of its lines only.
    """
    with transaction.atomic():
        due = list(
            Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lt=Now())
            .select_for_update(skip_locked=True)
            .order_by("owner", "pk")
            .values_list("owner", "pk")[:limit]
        )
        whole = _whole(Counter(owner for owner, _pk in due))
        chosen = [pk for owner, pk in due if owner in whole]
        return _give_back(Reservation.objects.filter(pk__in=chosen)) if chosen else 0


def _whole(taken: Counter[uuid.UUID]) -> set[uuid.UUID]:
    """The owners all of whose held rows are among those that were taken."""
    rows = Reservation.objects.filter(owner__in=list(taken), state=Reservation.State.HELD)
    held = rows.order_by().values("owner").annotate(rows=Count("pk")).values_list("owner", "rows")
    return {owner for owner, count in held if count == taken[owner]}


def _give_back(rows: LockingQuerySet[Reservation]) -> int:
    held = list(rows.lock())
    if not held:
        return 0
    Reservation.objects.filter(pk__in=[row.pk for row in held]).update(state=Reservation.State.RELEASED)
    apply(
        [
            Change(
                stock_item_id=row.stock_item_id,
                kind=Kind.UNRESERVE,
                quantity=row.quantity,
                d_reserved=-row.quantity,
                line_ref=row.line_ref,
                cause=f"hold {row.owner}",
                op_key=f"reservation:{row.pk}",
            )
            for row in held
        ]
    )
    return len(held)
