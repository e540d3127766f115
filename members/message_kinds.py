"""What accounts write to people. Mails of signing in are written by allauth and are in the log as `account`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.notifications.kinds import PROOF, Kind, register


def _code() -> Mapping[str, Any]:
    return {"code": "000000", "minutes": 15}


register(
    Kind(
        name="erasure_code",
        title=gettext_lazy("Code to delete one's data"),
        mail_only=PROOF,
        is_urgent=True,
        sample=_code,
    )
)
