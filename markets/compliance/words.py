"""Why a rule fits, in the reader's words. What is stored are the short words of `conditions` and `matching`."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS: Mapping[str, str | Promise] = {
    "always": pgettext_lazy("why a rule fits", "it always holds"),
    "goods": pgettext_lazy("why a rule fits", "what the goods are"),
    "market": pgettext_lazy("why a rule fits", "market %(value)s"),
    "country": pgettext_lazy("why a rule fits", "country %(value)s"),
    "region": pgettext_lazy("why a rule fits", "region %(value)s"),
    "payment": pgettext_lazy("why a rule fits", "payment %(value)s"),
    "value": pgettext_lazy("why a rule fits", "worth %(value)s"),
}
WHOLE: Mapping[str, str | Promise] = {
    "area eu": _("the destination lies in the EU"),
    "area abroad": _("the goods cross a customs border"),
    "buyer consumer": _("the buyer is a consumer"),
    "buyer business": _("the buyer is a business"),
}


def why_words(why: Iterable[str]) -> str:
    """All reasons in a line."""
    return ", ".join(_words(reason) for reason in why)


def _words(reason: str) -> str:
    if reason in WHOLE:
        return str(WHOLE[reason])
    head, _space, value = reason.partition(" ")
    return str(REASONS.get(head, reason)) % {"value": value} if head in REASONS else reason
