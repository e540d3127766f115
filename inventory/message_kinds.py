"""What stock writes to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.notifications.kinds import ASKED, EVERYWHERE, ONLY_ADDRESS, Kind, register


def _back() -> Mapping[str, Any]:
    return {"name": _("Sample product"), "options": "", "product_url": "https://shop.example/de/de/p/sample/"}


def _alerts() -> Mapping[str, Any]:
    line = {"sku": "CUP-1", "name": _("Sample product"), "place": _("Sample warehouse"), "available": 2}
    levels = [{"title": pgettext("level of stock", "low"), "alerts": [line]}]
    return {"count": 1, "more": 0, "levels": levels, "address": "https://shop.example/admin/stock/alerts/"}


register(
    Kind(
        name="back_in_stock",
        title=gettext_lazy("Back in stock"),
        topic=ASKED,
        mail_only=ONLY_ADDRESS,
        sample=_back,
    ),
    Kind(
        name="stock_alerts",
        title=gettext_lazy("Stock needs somebody (to operators)"),
        channels=EVERYWHERE,
        sample=_alerts,
    ),
)
