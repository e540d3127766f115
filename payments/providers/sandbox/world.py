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
DISPUTE_DAYS = 7
"""So long the sandbox's bank takes evidence."""
State = SandboxCharge.State
Kind = SandboxMovement.Kind


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
        if request.strong:
            _say(charge, Kind.STRONG)
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


def pay_or_confirm(charge_pk: int) -> SandboxCharge:
    """The shopper pays; where the shop asked for 3-D Secure the bank asks first."""
    wanted = SandboxMovement.objects.filter(charge=charge_pk, kind=Kind.STRONG).exists()
    return ask_confirmation(charge_pk) if wanted else pay(charge_pk)


def pay_doubtfully(charge_pk: int, *, level: SandboxMovement.Kind) -> SandboxCharge:
    """The shopper pays, and the sandbox says with the money that it sees a risk."""
    with transaction.atomic():
        _say(SandboxCharge.objects.lock().get(pk=charge_pk), level)
        return _decide(charge_pk, "succeeded")


def dispute(charge_pk: int) -> SandboxCharge:
    """The shopper's bank takes back what the shop still has of the charge. Once per charge."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge_pk)
        minor = charge.captured_minor - charge.refunded_minor
        if charge.state == State.SUCCEEDED and minor > 0 and not _of_dispute(charge):
            _happen(charge, Kind.DISPUTE, minor, "charge.disputed")
    return charge


def end_dispute(charge_pk: int, *, end: SandboxMovement.Kind) -> SandboxCharge:
    """The bank decides: the money comes back, or stays gone. Once."""
    with transaction.atomic():
        charge = SandboxCharge.objects.lock().get(pk=charge_pk)
        told = _of_dispute(charge)
        if [one.kind for one in told] == [Kind.DISPUTE]:
            _happen(charge, end, told[0].amount_minor, "charge.dispute_ended")
    return charge


def _is_disputed(charge: SandboxCharge) -> bool:
    """While the bank has the money, and after it has kept it, there is nothing to give back."""
    kinds = {one.kind for one in _of_dispute(charge)}
    return bool(kinds) and Kind.WON not in kinds


def _of_dispute(charge: SandboxCharge) -> list[SandboxMovement]:
    return list(charge.movements.filter(kind__in=(Kind.DISPUTE, Kind.WON, Kind.LOST)))


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
        if charge.refunded_minor + minor > charge.captured_minor or _is_disputed(charge):
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


def _happen(charge: SandboxCharge, kind: SandboxMovement.Kind, minor: int, told: str) -> None:
    SandboxMovement.objects.create(
        charge=charge, kind=kind, amount_minor=minor, idempotency_key=f"{charge.idempotency_key}:{kind}"
    )
    _tell(charge, told)


def _say(charge: SandboxCharge, kind: SandboxMovement.Kind) -> None:
    """Something without money, once."""
    SandboxMovement.objects.get_or_create(
        idempotency_key=f"{charge.idempotency_key}:{kind}", defaults={"charge": charge, "kind": kind, "amount_minor": 0}
    )


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
