"""Opening and closing work items. Both run in the caller's transaction or in one of their own."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from core.money import to_minor
from payments.models import PaymentTransaction, ReconciliationItem, StatementEntry

Detail = Mapping[str, str | int]


def open_item(
    *,
    kind: str,
    subject: str,
    entry: StatementEntry | None = None,
    fact: PaymentTransaction | None = None,
    difference: Money | None = None,
    detail: Detail | None = None,
) -> ReconciliationItem:
    """One item per cause. What had come to agree and differs again waits for a person again."""
    with transaction.atomic():
        item, is_new = ReconciliationItem.objects.get_or_create(
            kind=kind,
            subject=subject[:300],
            defaults={
                "entry": entry,
                "fact": fact,
                "provider": _provider(entry, fact),
                "order_ref": _order(entry, fact) or str((detail or {}).get("order", ""))[:40],
                "currency": difference.currency.code if difference is not None else "",
                "difference_minor": to_minor(difference) if difference is not None else None,
                "detail": dict(detail or {}),
            },
        )
        if not is_new and item.resolution == "matched":
            _open_again(item.pk)
    return item


def _open_again(item_pk: int) -> None:
    item = ReconciliationItem.objects.lock().get(pk=item_pk)
    if item.state == "resolved" and item.resolution == "matched":
        item.become(state="open")
        item.resolution, item.resolved_at = "", None
        item.save(update_fields=["resolution", "resolved_at", "updated"])


def _provider(entry: StatementEntry | None, fact: PaymentTransaction | None) -> str:
    if entry is not None:
        return entry.provider
    return fact.payment.provider if fact is not None else ""


def _order(entry: StatementEntry | None, fact: PaymentTransaction | None) -> str:
    if fact is not None:
        return fact.payment.order_ref
    return entry.order_ref if entry is not None else ""


def close_item(item: ReconciliationItem, *, resolution: str, note: str = "", actor_id: int | None = None) -> None:
    """Write down how it ended. The caller holds the row's lock."""
    item.resolution, item.note, item.resolved_by_id = resolution, note or item.note, actor_id
    item.resolved_at = timezone.now()
    item.save(update_fields=["resolution", "note", "resolved_by", "resolved_at", "updated"])
    item.become(state="resolved")


def close_agreeing(**of_what: object) -> int:
    """Close the open items of an entry or a fact that agree now; returns how many."""
    with transaction.atomic():
        found = list(ReconciliationItem.objects.lock().filter(state="open", **of_what))
        for item in found:
            close_item(item, resolution="matched")
    return len(found)


def close_other_items(entry: StatementEntry, kind: str) -> None:
    """A row is in one kind of doubt at a time: what was said of it before has become something else."""
    with transaction.atomic():
        found = ReconciliationItem.objects.lock().filter(state="open", entry=entry, subject=f"entry:{entry.pk}")
        for item in found.exclude(kind=kind):
            close_item(item, resolution="matched")
