"""What of the stock waits for a person."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from inventory.models import Lane, StockAlert


def _alerts(level: str) -> Callable[[], QuerySet[StockAlert]]:
    return lambda: StockAlert.objects.filter(closed__isnull=True, level=level)


register(
    Chore(
        key="out",
        permission="inventory.view_stockalert",
        rows=_alerts("out"),
        since="opened",
        title=_("Sold out"),
        sentence=_("A warehouse has nothing left to sell of these."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_stockalert_changelist",
        query="closed__isempty=1&level__exact=out",
        place=90,
    ),
    Chore(
        key="low",
        permission="inventory.view_stockalert",
        rows=_alerts("low"),
        since="opened",
        title=_("Running low"),
        sentence=_("Stock is at or below its reorder point."),
        button=pgettext_lazy("button in the work queue", "Reorder"),
        url_name="admin:inventory_stockalert_changelist",
        query="closed__isempty=1&level__exact=low",
        place=100,
    ),
    Chore(
        key="lanes",
        permission="inventory.change_lane",
        rows=lambda: Lane.objects.filter(is_active=True, rates__isnull=True),
        since="updated",
        title=_("Lanes without a price"),
        sentence=_("Nothing leaves on these lanes until somebody enters what a parcel costs."),
        button=pgettext_lazy("button in the work queue", "Enter brackets"),
        url_name="admin:inventory_lane_changelist",
        query="is_active__exact=1&rates__isempty=1",
        place=110,
    ),
)
