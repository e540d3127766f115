"""Row locks in one order everywhere, so that two shoppers never wait for each other in a circle."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import connection, models

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=models.Model)
NOTES = "_portolan_locks"

LOCK_ORDER: tuple[str, ...] = (
    "core.IdempotencyKey",
    "cart.Cart",
    "checkout.Checkout",
    "orders.MoneyApproval",
    "orders.OrderGroup",
    "orders.Order",
    "orders.OrderLine",
    "orders.Fulfillment",
    "orders.ParcelException",
    "orders.ParcelPacking",
    "orders.PickWave",
    "orders.ShortPick",
    "orders.Handover",
    "orders.ReturnRequest",
    "orders.OrderRefund",
    "payments.Payment",
    "payments.Refund",
    "payments.CreditGrant",
    "payments.CreditAccount",
    "orders.Entitlement",
    "catalog.Presale",
    "catalog.LicenceKey",
    "inventory.StockTake",
    "inventory.Transfer",
    "inventory.ReplenishmentProposal",
    "inventory.PurchaseOrder",
    "inventory.PurchaseReceipt",
    "inventory.SupplierFeed",
    "inventory.Reservation",
    "inventory.Allocation",
    "inventory.StockItem",
    "core.Sequence",
)
"""Lock earlier entries first. Models that are not listed may be locked at any time, alone."""


class LockOrderBroken(RuntimeError):
    """A lock was asked for after one that comes later in `LOCK_ORDER`: two such places can deadlock."""


class LockingQuerySet(models.QuerySet[M]):
    """A queryset with `lock()`: row locks in primary-key order, with the global order watched."""

    def lock(self, **options: Any) -> Self:
        """`SELECT … FOR UPDATE` of these rows only, by ascending primary key. Needs a transaction."""
        _note(self.model._meta.label)
        return self.select_for_update(of=("self",), **options).order_by("pk")


def _note(label: str) -> None:
    if label not in LOCK_ORDER:
        return
    taken = _current()
    highest = max((LOCK_ORDER.index(seen) for seen in taken), default=-1)
    if LOCK_ORDER.index(label) < highest:
        sentence = f"{label} was locked after {LOCK_ORDER[highest]}"
        if getattr(settings, "LOCK_ORDER_STRICT", False):
            raise LockOrderBroken(sentence)
        logger.error("lock order broken: %s", sentence)
    taken.append(label)


def _current() -> list[str]:
    """The locks taken since the outermost transaction began (a test's own wrapping does not count)."""
    began = _beginning()
    seen: tuple[tuple[object, object], list[str]] | None = getattr(connection, NOTES, None)
    if seen is None or any(before is not now for before, now in zip(seen[0], began, strict=True)):
        seen = (began, [])
        setattr(connection, NOTES, seen)
    return seen[1]


def _beginning() -> tuple[object, object]:
    """What tells this transaction from the one before. Its block alone does not: as a decorator it is used again.

    So beside it stands the list of what to do on commit, a new one in each transaction, or the savepoint's name.
    """
    for depth, block in enumerate(connection.atomic_blocks):
        if not getattr(block, "_from_testcase", False):
            return block, connection.savepoint_ids[depth - 1] if depth else connection.run_on_commit
    return None, None


@contextmanager
def lock_timeout(milliseconds: int = 3000) -> Iterator[None]:
    """Inside a transaction: give up waiting for a row after this long instead of queueing up for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{milliseconds}ms"])
    yield
