"""What stock writes to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notifications.kinds import ASKED, ONLY_ADDRESS, Kind, register


def _back() -> Mapping[str, Any]:
    return {"name": _("Sample product"), "options": "", "product_url": "https://shop.example/de/de/p/sample/"}


register(
    Kind(
        name="back_in_stock",
        title=gettext_lazy("Back in stock"),
        topic=ASKED,
        mail_only=ONLY_ADDRESS,
        sample=_back,
    )
)
