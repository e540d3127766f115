"""What the lists of buying share: tabs, filters that live in the address, neighbours of a page."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from inventory.buying.desk.types import Tab
from inventory.models import Supplier, Warehouse

Rows = QuerySet[Any]
Views = Mapping[str, Callable[[], Rows]]


def tabs_of(views: Views, labels: Mapping[str, str], *, current: str) -> tuple[Tab, ...]:
    """The saved views with how many are in each. One query per view."""
    return tuple(
        Tab(label=labels[key], count=make().count(), url=f"?{urlencode({'view': key})}", current=key == current)
        for key, make in views.items()
    )


def chosen_of(params: Mapping[str, str], *names: str) -> dict[str, str]:
    """The filters that are set, by name."""
    return {name: params[name].strip() for name in names if params.get(name, "").strip()}


def warehouse_choices() -> tuple[tuple[str, str], ...]:
    """Code and name of every active warehouse."""
    return tuple((place.code, place.name_i18n) for place in Warehouse.objects.filter(is_active=True).order_by("code"))


def supplier_choices() -> tuple[tuple[str, str], ...]:
    """Code and name of every active supplier."""
    return tuple(Supplier.objects.filter(is_active=True).order_by("name").values_list("code", "name"))
