"""What the catalogue writes to people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notifications.kinds import ASKED, ONLY_ADDRESS, Kind, register


def _answered() -> Mapping[str, Any]:
    url = "https://shop.example/de/de/p/sample/"
    return {"name": _("Sample product"), "question": _("A question"), "answer": _("An answer."), "product_url": url}


register(
    Kind(
        name="question_answered",
        title=gettext_lazy("Question answered"),
        topic=ASKED,
        mail_only=ONLY_ADDRESS,
        sample=_answered,
    ),
)
