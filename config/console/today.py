"""The operators' home: the work first, then what is happening."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils import timezone

from config.console.activity import latest_deeds
from config.console.figures import Sales, key_figures, orders_chart
from config.console.stock import low_stock
from config.console.types import StockTable, Today
from config.console.work import work_queue
from orders.workspace.listing import VIEWS, dressed, in_view, rows_of, view_tabs

ROWS = 8
SHOWN = {
    "orders": "orders.view_order",
    "stock": "inventory.view_stockalert",
    "log": "core.view_auditentry",
    "import": "catalog.import_products",
}
Person = AbstractBaseUser | AnonymousUser


def today(person: Person, *, view: str = "", market: str = "") -> Today:
    """The page for this person, with the parts they may see."""
    may = frozenset(part for part, permission in SHOWN.items() if person.has_perm(permission))  # type: ignore[union-attr]  # all can be asked
    chosen = view if view in VIEWS else "to_pack"
    sees_orders = "orders" in may
    sales = Sales(market) if sees_orders else None
    return Today(
        now=timezone.now(),
        work=work_queue(person),
        figures=key_figures(sales) if sales else (),
        chart=orders_chart(sales) if sales else None,
        tabs=view_tabs(current=chosen) if sees_orders else (),
        orders=rows_of(dressed(in_view(chosen))[:ROWS]) if sees_orders else (),
        view=chosen,
        stock=low_stock() if "stock" in may else StockTable(places=(), rows=()),
        deeds=latest_deeds() if "log" in may else (),
        may=may,
    )
