"""Write down what another platform sold. Nothing is held, charged, mailed or numbered by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core import audit
from core.models import Job
from orders.actions.placing import email_hash
from orders.models import PastLine, PastOrder
from orders.past.types import ReadOrder

TOLD = (
    "placed_at", "state", "state_words", "currency", "country", "email", "name", "phone", "addresses", "items_total",
    "discount_total", "shipping_total", "tax_total", "total", "refunded_total", "payment_words", "delivery_words",
)  # fmt: skip
PRIVATE = frozenset({"email", "name", "phone", "addresses"})
"""Never written among the differences of an import: they would outlast an erasure there."""


@dataclass(frozen=True, kw_only=True)
class PastOutcome:
    """What became of one order: `created`, `changed` or `unchanged`, with rows of where, field, old and new."""

    outcome: str
    changes: tuple[tuple[str, str, str, str], ...] = ()


def keep_past_orders(*, orders: Sequence[ReadOrder], job: Job, is_dry_run: bool) -> list[PastOutcome]:
    """Each order once by its platform and number: the same again changes nothing, another state of it replaces it.

    An order whose buyer was forgotten is left as it is. A dry run says what would be done.
    """
    with transaction.atomic():
        numbers = [order.number for order in orders]
        found = PastOrder.objects.filter(platform__in={order.platform for order in orders}, number__in=numbers)
        known = {(row.platform, row.number): row for row in (found if is_dry_run else found.lock())}
        return [_keep(order, known.get((order.platform, order.number)), job, is_dry_run) for order in orders]


def note_import(*, job: Job, counts: dict[str, int]) -> None:
    """An import came to its end: who did it, and how much it was."""
    audit.record("orders.import_past", job, data=counts)


def _keep(order: ReadOrder, row: PastOrder | None, job: Job, is_dry_run: bool) -> PastOutcome:
    if row is not None and (row.forgotten_at is not None or row.fingerprint == order.fingerprint):
        return PastOutcome(outcome="unchanged")
    changes = _changes(order, row) if row is not None else ()
    if not is_dry_run:
        row = row or PastOrder(platform=order.platform, number=order.number)
        for name in TOLD:
            setattr(row, name, getattr(order, name))
        row.addresses = dict(order.addresses)
        row.email_hash = email_hash(order.email) if order.email else ""
        row.fingerprint, row.job = order.fingerprint, job
        row.save()
        row.lines.all().delete()
        PastLine.objects.bulk_create(
            PastLine(
                order=row,
                position=position,
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                unit_price=line.unit_price,
                line_total=line.line_total,
            )
            for position, line in enumerate(order.lines, start=1)
        )
    return PastOutcome(outcome="changed" if changes else "created", changes=changes)


def _changes(order: ReadOrder, row: PastOrder) -> tuple[tuple[str, str, str, str], ...]:
    """Field by field; an order of which nothing but its lines differs names those."""
    told = [
        (name, "" if name in PRIVATE else str(getattr(row, name)), "" if name in PRIVATE else str(getattr(order, name)))
        for name in TOLD
        if getattr(row, name) != getattr(order, name)
    ]
    return tuple(("", name, old, new) for name, old, new in told) or (("", "lines", "", ""),)
