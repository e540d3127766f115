"""The world outside, pretended: what a real provider would do behind its own doors.

Only this module writes the sandbox's books. Every call with an idempotency key has its effect once.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from core.idempotency import fingerprint
from core.money import to_minor
from core.signing import new_secret
from core.wakeups import wake_on_commit
from payments.errors import ProviderRefused
from payments.models import SandboxCharge, SandboxMovement, SandboxWebhook
from payments.types import RefundRequest, StartRequest

OPEN_FOR = timedelta(hours=1)
State = SandboxCharge.State


def begin(request: StartRequest) -> SandboxCharge:
    """A charge to be paid on the pay page. The same key with other values is refused."""
    mark = fingerprint(
        {
            "payment": request.payment_ref,
            "amount": str(request.amount.amount),
            "currency": request.amount.currency.code,
            "method": request.method,
        }
    )
    with transaction.atomic():
        charge, _ = SandboxCharge.objects.get_or_create(
            idempotency_key=request.idempotency_key,
            defaults={
                "token": new_secret(),
                "fingerprint": mark,
                "payment_ref": request.payment_ref,
                "order_ref": request.order_ref,
                "method": request.method,
                "currency": request.amount.currency.code,
                "amount_minor": to_minor(request.amount),
                "manual_capture": request.manual_capture,
                "language": request.language,
                "market": request.market,
                "return_url": request.return_url,
                "cancel_url": request.cancel_url,
                "expires_at": timezone.now() + OPEN_FOR,
            },
        )
    if charge.fingerprint != mark:
        raise ProviderRefused("idempotency_conflict")
    return charge


def charge_of(provider_ref: str) -> SandboxCharge:
    """The charge by the name the shop knows. Raises `ProviderRefused`."""
    number = provider_ref.removeprefix("sbx_")
    charge = SandboxCharge.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if charge is None:
        raise ProviderRefused("no_such_charge")
    return charge


def pay(charge_pk: int) -> SandboxCharge:
    """The shopper pays, or has confirmed."""
    return _decide(charge_pk, "succeeded")


def decline(charge_pk: int) -> SandboxCharge:
    """The shopper's bank says no."""
    return _decide(charge_pk, "declined")


def ask_confirmation(charge_pk: int) -> SandboxCharge:
    """The bank wants to hear from the shopper once more, on a second page."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge_pk)
        if charge.state == State.OPEN:
            charge.state = State.CONFIRMING
            charge.save(update_fields=["state", "updated"])
            _tell(charge, "charge.action_required")
    return charge


def postpone(charge_pk: int, *, result: str, after: timedelta) -> SandboxCharge:
    """The shopper has done their part; `result` ("succeeded" or "declined") is reported later."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge_pk)
        if charge.state in (State.OPEN, State.CONFIRMING):
            charge.state = State.PENDING
            charge.due_at, charge.due_result = timezone.now() + after, result
            charge.save(update_fields=["state", "due_at", "due_result", "updated"])
            _tell(charge, "charge.pending")
    return charge


def decide_due(*, limit: int = 100) -> int:
    """Let the results come that are due; returns how many."""
    due = list(SandboxCharge.objects.filter(due_at__lte=Now()).values_list("pk", "due_result")[:limit])
    for charge_pk, result in due:
        _decide(charge_pk, result)
    return len(due)


def capture(charge: SandboxCharge, minor: int, key: str) -> None:
    """Take money that is held. The rest is released, as most banks do it."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge.pk)
        if SandboxMovement.objects.filter(idempotency_key=key).exists():
            return
        if charge.state != State.AUTHORIZED or not 0 < minor <= charge.amount_minor:
            raise ProviderRefused("cannot_capture")
        charge.state = State.SUCCEEDED
        _move(charge, "capture", minor, key)


def cancel(charge: SandboxCharge) -> None:
    """Close the charge unless its result is out or on its way."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge.pk)
        if charge.state in (State.OPEN, State.CONFIRMING, State.AUTHORIZED):
            charge.state = State.CANCELED
            charge.decided_at = timezone.now()
            charge.save(update_fields=["state", "decided_at", "updated"])
            _tell(charge, "charge.canceled")


def refund(charge: SandboxCharge, request: RefundRequest) -> None:
    """Give money back, at most what was taken."""
    minor = to_minor(request.amount)
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge.pk)
        if SandboxMovement.objects.filter(idempotency_key=request.idempotency_key).exists():
            return
        if charge.refunded_minor + minor > charge.captured_minor:
            raise ProviderRefused("refund_exceeds_charge")
        charge.refunded_minor += minor
        _move(charge, "refund", minor, request.idempotency_key, request.refund_ref)


def _decide(charge_pk: int, result: str) -> SandboxCharge:
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge_pk)
        if charge.state not in (State.OPEN, State.CONFIRMING, State.PENDING):
            return charge
        charge.due_at, charge.due_result = None, ""
        charge.decided_at = timezone.now()
        if result == "declined":
            charge.state, charge.decline_code = State.DECLINED, "card_declined"
            _store(charge)
            _tell(charge, "charge.failed")
        elif charge.manual_capture:
            charge.state = State.AUTHORIZED
            _store(charge)
            _tell(charge, "charge.authorized")
        else:
            charge.state = State.SUCCEEDED
            _move(charge, "capture", charge.amount_minor, f"{charge.idempotency_key}:sale")
    return charge


def _move(charge: SandboxCharge, kind: str, minor: int, key: str, refund_ref: uuid.UUID | None = None) -> None:
    if kind == "capture":
        charge.captured_minor += minor
    _store(charge)
    SandboxMovement.objects.create(
        charge=charge, kind=kind, amount_minor=minor, idempotency_key=key, refund_ref=refund_ref
    )
    _tell(charge, "charge.refunded" if kind == "refund" else "charge.succeeded")


def _store(charge: SandboxCharge) -> None:
    charge.save(
        update_fields=[
            "state",
            "decline_code",
            "decided_at",
            "due_at",
            "due_result",
            "captured_minor",
            "refunded_minor",
            "updated",
        ]
    )


def _tell(charge: SandboxCharge, kind: str, *, at: datetime | None = None) -> None:
    """Queue a message to the shop; it is sent after this commits."""
    SandboxWebhook.objects.create(
        charge=charge, event_id=f"sbx_evt_{uuid.uuid4().hex}", kind=kind, due_at=at or timezone.now()
    )
    wake_on_commit("payments.tasks.run_sandbox")
