"""Why stock is corrected without anything being bought or sold: typed, so that it can be counted."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy


class Reason(models.TextChoices):
    """A reason of a correction. Reports add them up, so there are few of them."""

    DAMAGE = "damage", pgettext_lazy("why stock is corrected", "broken or spoiled")
    EXPIRED = "expired", pgettext_lazy("why stock is corrected", "past its date")
    THEFT = "theft", pgettext_lazy("why stock is corrected", "stolen")
    LOST = "lost", pgettext_lazy("why stock is corrected", "lost")
    SAMPLE = "sample", pgettext_lazy("why stock is corrected", "given away as a sample")
    OWN_USE = "own_use", pgettext_lazy("why stock is corrected", "used by ourselves")
    FOUND = "found", pgettext_lazy("why stock is corrected", "found")
    SURPLUS = "surplus", pgettext_lazy("why stock is corrected", "more arrived than was sent")
    COUNT = "count", pgettext_lazy("why stock is corrected", "counted")
    MISTAKE = "mistake", pgettext_lazy("why stock is corrected", "booked wrongly before")


LESS = frozenset({Reason.DAMAGE, Reason.EXPIRED, Reason.THEFT, Reason.LOST, Reason.SAMPLE, Reason.OWN_USE})
"""Goods that are gone: written off."""
MORE = frozenset({Reason.FOUND, Reason.SURPLUS})
"""Goods that turned up."""
LOSSES: Mapping[str, Reason] = {"lost": Reason.LOST, "damage": Reason.DAMAGE, "short": Reason.MISTAKE}
"""What a missing piece of a transfer is in the report of corrections."""


def fits(reason: str, difference: int) -> bool:
    """Whether a correction by so many pieces can have this reason."""
    if reason in LESS:
        return difference < 0
    return difference > 0 if reason in MORE else difference != 0
