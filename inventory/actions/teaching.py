"""Saying what a carrier's code means: one row of the tracking table, and what was told with it is read again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from inventory.actions.carrier_inbox import reread_messages
from inventory.carriers.canonical import GROUPS, TERMINAL, Canonical
from inventory.models import CarrierMessage, UnknownCode
from markets.tracking import Meaning, say_meaning

RECENT = timedelta(days=30)
MOST = 500


def teach_code(*, code_id: int, canonical: str, note: str = "") -> UnknownCode:
    """From now on the code means `canonical`; recent messages of its provider are read again with that.

    Raises `ValueError` for what is no status of ours.
    """
    meaning = Canonical(canonical)
    with transaction.atomic():
        row = UnknownCode.objects.select_for_update().get(pk=code_id)
        say_meaning(
            provider=row.provider,
            level=row.level,
            carrier_code=row.carrier_code,
            meaning=Meaning(
                canonical=str(meaning),
                shopper_group=GROUPS[meaning],
                is_terminal=meaning in TERMINAL,
                note=note,
            ),
        )
        row.settled_at = timezone.now()
        row.save(update_fields=["settled_at", "updated"])
        audit.record("inventory.teach_code", row, data={"means": str(meaning)}, reason=note)
        recent = CarrierMessage.objects.filter(received_at__gt=timezone.now() - RECENT)
        mine = recent.filter(account__adapter=row.provider) | recent.filter(account__adapter="relay")
        pks = list(mine.order_by("-pk").values_list("pk", flat=True)[:MOST])
    if meaning != Canonical.UNKNOWN and pks:
        reread_messages(message_pks=pks)
    return row
