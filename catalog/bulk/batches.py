"""One batch of a run: worked out, tried, written, taken back. A batch is one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from catalog.actions.derived import mark_dirty
from catalog.bulk.columns import Column, Row, TextColumn, Values
from catalog.bulk.fields import column_of
from catalog.bulk.operations import Value, result_of
from catalog.bulk.plans import FIELD, PlanColumn, plan_column
from catalog.events import ProductChanged
from catalog.models import BulkChange, BulkRestore, BulkRun, Product, Variant
from core.events import publish

BATCH = 250


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What an operation would make of a row. `refused` says why it cannot."""

    pk: int
    label: str
    old: Value
    new: Value
    refused: str = ""

    @property
    def is_change(self) -> bool:
        """Whether the row would hold something else afterwards."""
        return not self.refused and self.old != self.new


@dataclass(frozen=True)
class Work:
    """A run with its column: what the batches need."""

    run: BulkRun
    column: Column

    @property
    def model(self) -> type[Product] | type[Variant]:
        """The rows' model."""
        return Product if self.run.target == BulkRun.Target.PRODUCT else Variant

    def ids(self, start: int, end: int) -> list[int]:
        """The chosen rows from `start` up to `end`, without loading all of them."""
        name = f"object_ids__{start}_{end}"
        found = BulkRun.objects.filter(pk=self.run.pk).values_list(name, flat=True).get()
        return list(found or ())


def work_of(run_id: int) -> Work:
    """A run, ready to be worked on. Its list of rows stays in the database. Raises `KeyError` for a lost field."""
    run = BulkRun.objects.defer("object_ids").get(pk=run_id)
    if run.field == FIELD:
        return Work(run, plan_column(run_id))
    column = column_of(run.target, run.field, str(run.arguments.get("language", "")))
    if isinstance(column, TextColumn) and run.arguments.get("moves_addresses"):
        column = replace(column, moves_addresses=True)
    return Work(run, column)


def plan(work: Work, rows: Sequence[Row]) -> list[Planned]:
    """What the operation would make of these rows."""
    run, column = work.run, work.column
    old = column.read(rows)
    new = column.wanted(rows, old) if isinstance(column, PlanColumn) else _calculated(run, column, old)
    moved = {pk: value for pk, value in new.items() if value != old[pk]}
    refused = column.check(rows, moved)
    return [
        Planned(pk=row.pk, label=label_of(row), old=old[row.pk], new=new[row.pk], refused=refused.get(row.pk, ""))
        for row in rows
    ]


def _calculated(run: BulkRun, column: Column, old: Values) -> Values:
    return {
        pk: result_of(run.operation, value, run.arguments, empty=column.empty, digits=column.digits)
        for pk, value in old.items()
    }


def look(work: Work, ids: Iterable[int]) -> list[Planned]:
    """The same for rows by their keys, without locks."""
    return plan(work, list(work.model.objects.filter(pk__in=list(ids)).order_by("pk")))


@transaction.atomic
def change(work: Work, ids: Sequence[int]) -> list[Planned]:
    """Change these rows and keep what they held before. Rows this run has changed already are left alone.

    The log holds what is stored afterwards, cleaned and rounded, so that taking back compares like with like.
    """
    BulkRun.objects.lock().defer("object_ids").get(pk=work.run.pk)
    done = BulkChange.objects.filter(run=work.run, object_id__in=ids).values_list("object_id", flat=True)
    todo = sorted(set(ids) - set(done))
    _lock_products(work, todo)
    rows = list(work.model.objects.lock().filter(pk__in=todo))
    planned = plan(work, rows)
    moved = [one for one in planned if one.is_change]
    work.column.write(rows, {one.pk: one.new for one in moved})
    written = work.column.read(rows)
    BulkChange.objects.bulk_create(
        [
            BulkChange(run=work.run, object_id=one.pk, label=one.label[:200], old=one.old, new=written[one.pk])
            for one in moved
            if written[one.pk] != one.old
        ]
    )
    _announce(work, rows, {one.pk for one in moved})
    return planned


@transaction.atomic
def take_back(work: Work, changes: Sequence[BulkChange]) -> dict[str, int]:
    """Give these rows their old values, where they still hold what the run wrote. Counts by outcome."""
    BulkRun.objects.lock().defer("object_ids").get(pk=work.run.pk)
    done = set(BulkRestore.objects.filter(change__in=changes).values_list("change_id", flat=True))
    todo = {one.object_id: one for one in changes if one.pk not in done}
    _lock_products(work, list(todo))
    rows = list(work.model.objects.lock().filter(pk__in=list(todo)))
    now = work.column.read(rows)
    same = {pk: todo[pk].old for pk, value in now.items() if value == todo[pk].new}
    refused = work.column.check(rows, same)
    restored = {pk: value for pk, value in same.items() if pk not in refused}
    work.column.write(rows, restored)
    BulkRestore.objects.bulk_create([_restore(one, now, restored, refused) for one in todo.values()])
    _announce(work, rows, set(restored))
    return {
        "restored": len(restored),
        "refused": len(refused),
        "kept": len(todo) - len(restored) - len(refused),
    }


def label_of(row: Row) -> str:
    """How a person knows the row."""
    return str(row.sku if isinstance(row, Variant) else row.name)


def _restore(
    one: BulkChange, now: Mapping[int, Value], restored: Mapping[int, Any], refused: Mapping[int, str]
) -> BulkRestore:
    outcome = BulkRestore.Outcome.KEPT
    if one.object_id in restored:
        outcome = BulkRestore.Outcome.RESTORED
    elif one.object_id in refused:
        outcome = BulkRestore.Outcome.REFUSED
    reason = refused.get(one.object_id, "")[:300]
    return BulkRestore(change=one, outcome=outcome, found=now.get(one.object_id), reason=reason)


def _lock_products(work: Work, ids: Sequence[int]) -> None:
    """Variants are locked behind their products, as everywhere."""
    if work.model is Variant:
        products = Variant.objects.filter(pk__in=ids).values("product_id")
        list(Product.objects.lock().filter(pk__in=products).values_list("pk", flat=True))


def _announce(work: Work, rows: Sequence[Row], changed: set[int]) -> None:
    if not changed:
        return
    products = {row.pk if work.model is Product else row.product_id for row in rows if row.pk in changed}
    mark_dirty(product_ids=products)
    publish(ProductChanged(product_ids=tuple(sorted(products))))
