"""Several workers at the same planned changes: each is made once. With a control without the lock."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

from catalog.actions import planning
from catalog.actions.planning import Plan, perform_due, plan_change
from catalog.models import PlannedChange, Product
from core.locks import LockingQuerySet
from core.models import AuditEntry
from tests.factories.catalog import make_product
from tests.factories.markets import small_world
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


def due_changes(products: int, each: int) -> list[Product]:
    """Products that were to go on sale and off again, so many times, while no worker ran."""
    small_world("de")
    made = [make_product(active=False) for _ in range(products)]
    now = timezone.now()
    for number in range(each):
        status = "draft" if number % 2 else "active"
        due = now + timedelta(minutes=number + 1)
        plan_change(plan=Plan(product_ids=[one.pk for one in made], due_at=due, status=status))
    return made


def made() -> int:
    return AuditEntry.objects.filter(action="catalog.planned_change_made").count()


def work(_worker: int) -> int:
    return perform_due(at=timezone.now() + timedelta(hours=1))


def test_each_planned_change_is_made_by_one_worker_and_in_its_order() -> None:
    products = due_changes(4, 3)
    ended = sum(all_at_once(work, list(range(WORKERS)), at_once=WORKERS))
    while PlannedChange.objects.filter(state="waiting").exists():
        ended += work(0)
    assert ended == made() == 12
    assert set(Product.objects.values_list("status", flat=True)) == {"active"}
    for product in products:
        rows = PlannedChange.objects.filter(product=product).order_by("due_at")
        ends = [row.ended_at for row in rows if row.ended_at is not None]
        assert ends == sorted(ends)
        assert len(ends) == 3


def test_control_without_the_lock_a_change_is_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    due_changes(1, 1)
    both = Barrier(2)
    apply = planning.apply_planned

    def meet(row: PlannedChange) -> None:
        both.wait(timeout=30)
        apply(row)

    def no_lock(rows: Any, **_options: Any) -> Any:
        return rows.order_by("pk")

    monkeypatch.setattr(planning, "apply_planned", meet)
    monkeypatch.setattr(LockingQuerySet, "lock", no_lock)
    all_at_once(work, [1, 2], at_once=2)
    assert made() == 2
