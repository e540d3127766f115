"""Keeping what the nightly proof found. Which orders there are and what is compared, only `orders` knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.money import from_minor
from payments.models import ProofRun, ReconciliationItem
from payments.reconciliation.items import close_item, open_item


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One equation of one order that does not hold; minor units of `currency`."""

    order_ref: str
    check: str
    currency: str
    left: int
    right: int

    @property
    def subject(self) -> str:
        """The same difference is the same item, night after night."""
        return f"{self.order_ref}:{self.check}:{self.left}:{self.right}"


def record_proof(
    *,
    started: datetime,
    since: datetime | None,
    orders: int,
    found: Mapping[str, int],
    failures: Sequence[Failure],
    is_complete: bool,
) -> ProofRun:
    """Store the run and open an item per failure. After a complete run, what no longer fails is closed."""
    with transaction.atomic():
        for failure in failures:
            open_item(
                kind="proof",
                subject=failure.subject,
                difference=from_minor(failure.right - failure.left, failure.currency),
                detail={"order": failure.order_ref, "check": failure.check} | _sides(failure),
            )
        if is_complete:
            _close_others({failure.subject for failure in failures})
        return ProofRun.objects.create(
            finished=timezone.now(),
            since=since,
            orders=orders,
            failed=len({failure.order_ref for failure in failures}),
            found={**found, "seconds": round((timezone.now() - started).total_seconds())},
            is_clean=not any(found.values()),
        )


def _sides(failure: Failure) -> dict[str, str | int]:
    return {
        "left": f"{from_minor(failure.left, failure.currency).amount} {failure.currency}",
        "right": f"{from_minor(failure.right, failure.currency).amount} {failure.currency}",
    }


def _close_others(failing: set[str]) -> None:
    for item in ReconciliationItem.objects.lock().filter(kind="proof", state="open"):
        if item.subject not in failing:
            close_item(item, resolution="matched")
