"""Pages of tables of any length: counted exactly while that is quick, estimated by the planner beyond."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet

EXACT_UP_TO = 5_000
DEEP = 1_000


class EstimatingPaginator(Paginator[Any]):
    """A paginator that never counts a whole large table.

    Up to 5,000 rows the count is exact. Beyond, it is what the database's planner expects, and never less than what
    was counted: the last pages of a very long list may then be empty, none is out of reach by more than the estimate.
    """

    @cached_property
    def count(self) -> int:
        """How many rows there are, or about how many."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return super().count
        counted = rows.order_by()[: EXACT_UP_TO + 1].count()
        return counted if counted <= EXACT_UP_TO else max(counted, estimated(rows))

    def page(self, number: int | str) -> "Page[Any]":
        """A page. For a late one the keys are found first: rows that are skipped are then never read in full."""
        rows = self.object_list
        place = self.validate_number(number)
        start = (place - 1) * self.per_page
        if start < DEEP or not isinstance(rows, QuerySet):
            return super().page(number)
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=keys), place, self)


def estimated(rows: "QuerySet[Any]") -> int:
    """How many rows the planner expects a query to find; a table that was never analysed counts for little."""
    statement, values = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
        plan = cursor.fetchone()
    return int(plan[0][0]["Plan"]["Plan Rows"]) if plan else 0
