"""Refunds as we promised them: one promise may take several refunds at PayPal, one for each capture it touches.

The label on each (`refund,<payment>,<refund>,<whole amount>`, in our references) says which promise it belongs to and
how large that is, so that one of which only a part was asked for, when an answer was lost, is recognised and finished.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from djmoney.money import Money

from core.money import sum_money
from payments.providers.paypal.amounts import from_paypal
from payments.providers.paypal.refusals import PayPalRefused

Plain = Mapping[str, Any]
MARK = "refund"
UNDONE = ("FAILED", "CANCELLED")
REFUNDABLE = ("COMPLETED", "PARTIALLY_REFUNDED")


@dataclass(frozen=True)
class Promise:
    """What a refund at PayPal belongs to."""

    payment_ref: UUID
    refund_ref: UUID
    total: Money


def label_of(payment_ref: UUID, refund_ref: UUID, total: Money) -> str:
    """The `custom_id` of every refund of this promise."""
    return f"{MARK},{payment_ref},{refund_ref},{total.amount}"


def promise_of(refund: Plain) -> Promise | None:
    """The promise a refund belongs to; nothing for refunds of others."""
    match str(refund.get("custom_id") or "").split(","):
        case [mark, payment, ref, total] if mark == MARK:
            pass
        case _:
            return None
    try:
        return Promise(UUID(payment), UUID(ref), Money(Decimal(total), str(refund["amount"]["currency_code"])))
    except (ValueError, InvalidOperation):
        return None


def payment_in(label: str) -> UUID | None:
    """Our payment that a `custom_id` names, on a payment or on a refund of it; nothing for labels of others."""
    parts = label.split(",")
    try:
        return UUID(parts[1] if parts[0] == MARK and len(parts) > 1 else label)
    except ValueError:
        return None


@dataclass(frozen=True)
class Part:
    """So much from one capture."""

    capture: str
    amount: Money


def parts_for(wanted: Money, captures: Sequence[Plain], refunds: Sequence[Plain]) -> list[Part]:
    """Which captures give how much: one if one has enough, else the oldest first. Raises `PayPalRefused`."""
    code = wanted.currency.code
    rooms = [
        Part(str(capture["id"]), from_paypal(capture["amount"]) - _given_back(capture, refunds, code, len(captures)))
        for capture in captures
        if str(capture["status"]) in REFUNDABLE
    ]
    if any(room.amount.currency.code != code for room in rooms):
        raise PayPalRefused("refund_capture_currency_mismatch", 422)
    enough = next((room.capture for room in rooms if room.amount >= wanted), None)
    if enough is not None:
        return [Part(enough, wanted)]
    parts = []
    for room in rooms:
        part = min(room.amount, wanted)
        if part.amount > 0:
            parts.append(Part(room.capture, part))
            wanted -= part
    if wanted.amount > 0:
        raise PayPalRefused("refund_amount_exceeded", 422)
    return parts


def _given_back(capture: Plain, refunds: Sequence[Plain], currency: str, captures: int) -> Money:
    mine = [
        from_paypal(refund["amount"])
        for refund in refunds
        if str(refund["status"]) not in UNDONE and (captures == 1 or capture_behind(refund) == str(capture["id"]))
    ]
    return sum_money(mine, currency)


def capture_behind(refund: Plain) -> str:
    """The capture a refund was taken from: its link upwards names it."""
    up = next((str(link.get("href")) for link in refund.get("links") or () if link.get("rel") == "up"), "")
    return up.rpartition("/captures/")[2] if "/captures/" in up else ""
