"""The table of tracking statuses: what a carrier's word means for the shop."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from markets import cache
from markets.models import TrackingStatusMap


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a code is for the shop: its status, what shoppers are told it is, and whether nothing follows."""

    canonical: str
    shopper_group: str
    is_terminal: bool
    note: str = ""


def say_meaning(*, provider: str, level: str, carrier_code: str, meaning: Meaning) -> TrackingStatusMap:
    """From today on a code means that. What it meant before ends yesterday and stays readable."""
    today = timezone.now().date()
    key = {"provider": provider, "level": level, "carrier_code": carrier_code}
    values = asdict(meaning)
    with transaction.atomic():
        held = TrackingStatusMap.objects.select_for_update().filter(**key).on(today).first()
        if held is not None and held.effective_from == today:
            TrackingStatusMap.objects.filter(pk=held.pk).update(**values)
            held.refresh_from_db()
            found = held
        else:
            if held is not None:
                held.effective_to = today - timedelta(days=1)
                held.save(update_fields=["effective_to"])
            found = TrackingStatusMap.objects.create(**key, **values, effective_from=today, reviewed_on=today)
        cache.forget_on_commit()
    return found
