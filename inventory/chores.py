"""What of the stock waits for a person."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.chores import Chore, register
from inventory.models import CarrierAccount, CarrierMessage, StockAlert, UnknownCode


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
        key="codes",
        permission="inventory.view_unknowncode",
        rows=lambda: UnknownCode.objects.filter(settled_at__isnull=True),
        since="created",
        title=_("Codes of carriers nobody knows"),
        sentence=_("Parcels stand still in our books until somebody says what these mean."),
        button=pgettext_lazy("button in the work queue", "Explain"),
        url_name="admin:inventory_unknowncode_changelist",
        query="settled_at__isempty=1",
        place=110,
    ),
    Chore(
        key="carrier_messages",
        permission="inventory.view_carriermessage",
        rows=lambda: CarrierMessage.objects.filter(state=CarrierMessage.State.FAILED),
        since="received_at",
        title=_("Messages of carriers that could not be worked on"),
        sentence=_("Something in them was refused again and again."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_carriermessage_changelist",
        query="state__exact=failed",
        place=112,
    ),
    Chore(
        key="carriers",
        permission="inventory.view_carrieraccount",
        rows=lambda: CarrierAccount.objects.filter(
            is_active=True, failing_since__lt=timezone.now() - timedelta(hours=2)
        ),
        since="failing_since",
        title=_("Carriers that do not answer"),
        sentence=_("Nothing is asked of them or told to them until they do."),
        button=pgettext_lazy("button in the work queue", "Look"),
        url_name="admin:inventory_carrieraccount_changelist",
        query="is_active__exact=1&failing_since__isempty=0",
        is_urgent=True,
        place=57,
    ),
)
