"""What stock writes to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notifications.kinds import ASKED, ONLY_ADDRESS, TO_KEEP, Kind, register


def _back() -> Mapping[str, Any]:
    return {"name": _("Sample product"), "options": "", "product_url": "https://shop.example/de/de/p/sample/"}


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
        name="purchase_order",
        title=gettext_lazy("Order to a supplier"),
        mail_only=TO_KEEP,
        sample=_purchase,
    ),
)
