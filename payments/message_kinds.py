"""What payments write to people: gift cards and store credit."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.notifications.kinds import SECRET, Kind, register

URL = "https://shop.example/de/de/credit/sample/"


def _card() -> Mapping[str, Any]:
    return {"code": "SAMPLE-NOT-A-CODE", "amount": "50,00 €", "until": "31.12.2029", "balance_url": URL}


def _credit() -> Mapping[str, Any]:
    return {"amount": "9,00 €", "credit_url": URL}


register(
    Kind(name="gift_card", title=gettext_lazy("Gift card"), mail_only=SECRET, sample=_card),
    Kind(name="store_credit", title=gettext_lazy("Store credit"), mail_only=SECRET, sample=_credit),
)
