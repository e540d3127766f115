"""A person's decision about a difference: explained, booked, or tried again. Each is written down."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.http import refuse_open_transaction
from core.money import from_minor
from payments.actions import refresh_payment
from payments.models import ReconciliationItem, StatementEntry, StatementMatch
from payments.reconciliation.booking import book_adjustment, book_fee_rest, post_entry
from payments.reconciliation.items import close_item
from payments.reconciliation.matching import match_entry, match_waiting
from payments.reconciliation.missing import check_payouts
from payments.reconciliation.postings import adjustment_lines
from payments.reconciliation.reading import read_books

ACCOUNTS = {
    "psp_fees": _("Payment fees"),
    "chargebacks": _("Chargebacks"),
    "provider_adjustments": _("Other movements at the provider"),
    "fx_gain_loss": _("Exchange gains and losses"),
}
BOOKABLE = frozenset({"unknown_here", "unexplained", "amount_differs"})


class ItemClosed(DomainError):
    """Somebody has resolved the difference already."""

    code = "ITEM_CLOSED"
    message = _("This difference is resolved already.")


class ItemNotBookable(DomainError):
    """There is no amount that could be booked for it."""

    code = "ITEM_NOT_BOOKABLE"
    message = _("This difference cannot be booked. Explain it, or try again after its cause is gone.")


class StillDiffers(DomainError):
    """It was tried again and nothing has changed."""

    code = "STILL_DIFFERS"
    message = _("It still differs.")


def explain_item(*, item_id: int, note: str, actor_id: int | None) -> ReconciliationItem:
    """Close it without a booking. The row of the provider, if it is about one, is not asked about again."""
    with transaction.atomic():
        item = _open(item_id)
        if item.entry is not None and item.kind != "payout_differs":
            StatementMatch.objects.get_or_create(entry=item.entry, defaults={"verdict": "explained"})
        close_item(item, resolution="explained", note=note, actor_id=actor_id)
        audit.record("payments.explain_difference", item, data=_facts(item), reason=note)
    return item


def book_item(*, item_id: int, account: str, note: str, actor_id: int | None) -> ReconciliationItem:
    """Book what the provider moved, or by how much it moved more or less, against an account.

    Raises `ItemClosed`, `ItemNotBookable`.
    """
    with transaction.atomic():
        item = _open(item_id)
        if item.kind not in BOOKABLE or item.entry is None or account not in ACCOUNTS:
            raise ItemNotBookable
        entry = StatementEntry.objects.lock().get(pk=item.entry.pk)
        if StatementMatch.objects.filter(entry=entry).exists():
            raise ItemNotBookable
        if item.kind == "amount_differs":
            _book_difference(item, entry, account)
        else:
            book_adjustment(entry, account)
        close_item(item, resolution="booked", note=note, actor_id=actor_id)
        audit.record("payments.book_difference", item, data=_facts(item) | {"account": account}, reason=note)
    return item


def _book_difference(item: ReconciliationItem, entry: StatementEntry, account: str) -> None:
    """The movement is the one we know; only by how much it differs goes to the account."""
    fact = item.fact
    if fact is None or fact.currency != entry.currency or hasattr(fact, "match"):
        raise ItemNotBookable
    ours = fact.amount_minor if entry.amount_minor >= 0 else -fact.amount_minor
    rest = from_minor(entry.amount_minor - ours, entry.currency)
    StatementMatch.objects.create(entry=entry, fact=fact, verdict="matched")
    post_entry(entry, "adjustment", adjustment_lines(entry.provider, rest, account))
    book_fee_rest(entry, fact.payment)


def retry_item(*, item_id: int, actor_id: int | None) -> ReconciliationItem:
    """Ask the provider and match again. Raises `StillDiffers` when nothing has changed, `ItemClosed`.

    Call it with no transaction open. May raise `ProviderUnreachable`, `ProviderRefused`.
    """
    refuse_open_transaction()
    item = ReconciliationItem.objects.select_related("fact__payment").get(pk=item_id)
    if item.state != "open":
        raise ItemClosed
    with transaction.atomic():
        audit.record("payments.retry_difference", item, data=_facts(item))
    _look_again(item)
    item.refresh_from_db()
    if item.state == "open":
        raise StillDiffers
    return item


def _look_again(item: ReconciliationItem) -> None:
    if item.fact is not None:
        refresh_payment(payment_ref=item.fact.payment.ref, source="operator")
        if item.kind == "missing_there":
            begin = item.fact.occurred_at - timedelta(days=1)
            read_books(provider=item.provider, begin=begin, end=timezone.now())
            match_waiting(provider=item.provider)
    if item.kind == "payout_differs":
        check_payouts()
    elif item.entry_id is not None:
        match_entry(entry_pk=item.entry_id)


def _open(item_id: int) -> ReconciliationItem:
    item = ReconciliationItem.objects.lock().get(pk=item_id)
    if item.state != "open":
        raise ItemClosed
    return item


def _facts(item: ReconciliationItem) -> dict[str, str | int]:
    return {"kind": item.kind, "order": item.order_ref, "provider": item.provider, **item.detail}
