"""What stock writes to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.notifications.kinds import ASKED, EVERYWHERE, ONLY_ADDRESS, TO_KEEP, Kind, register


def _back() -> Mapping[str, Any]:
    return {"name": _("Sample product"), "options": "", "product_url": "https://shop.example/de/de/p/sample/"}


def _alerts() -> Mapping[str, Any]:
    line = {"sku": "CUP-1", "name": _("Sample product"), "place": _("Sample warehouse"), "available": 2}
    levels = [{"title": pgettext("level of stock", "low"), "alerts": [line]}]
    return {"count": 1, "more": 0, "levels": levels, "address": "https://shop.example/admin/stock/alerts/"}


def _purchase() -> Mapping[str, Any]:
    return {
        "number": "PO-000123",
        "supplier": _("Sample company"),
        "contact": "",
        "warehouse": "Leipzig",
        "expected_on": "1 Dec 2026",
        "incoterm": "DAP",
        "our_number": "",
        "note": "",
        "lines": [{"sku": "A-1", "name": _("Sample product"), "quantity": "24", "cost": "EUR 4.50"}],
        "total": "EUR 108.00",
        "paper_url": "https://shop.example/purchase-orders/sample/",
        "is_reminder": False,
    }


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
    Kind(
        name="purchase_order",
        title=gettext_lazy("Order to a supplier"),
        mail_only=TO_KEEP,
        sample=_purchase,
    ),
)
