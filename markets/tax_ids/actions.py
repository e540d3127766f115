"""Checking a buyer's number and keeping the proof."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from core.events import publish
from core.sealing import fingerprint
from markets.errors import ReasonMissing
from markets.events import TaxIdDecided
from markets.landed.types import Buyer
from markets.models import BuyerTaxId, LegalEntity, TaxIdStatus
from markets.tax_ids.kinds import Kind, kind_of
from markets.tax_ids.reading import read_tax_id
from markets.tax_ids.vies import Register, RegisterAnswer, Vies

CLEAR = (TaxIdStatus.VALID, TaxIdStatus.INVALID)
FRESH = timedelta(hours=24)
"""How long a clear answer is good for the next order."""
RETRY = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
MOST_ATTEMPTS = 12
PROOF = (
    "status", "checked_at", "checked_by", "consultation_ref", "response_hash", "evidence", "attempts", "next_try_at"
)  # fmt: skip
Registers = Callable[[Kind], Register | None]


def register_of(kind: Kind) -> Register | None:
    """Who is asked about numbers of a kind; nobody when no address is set or the kind has no register we know."""
    if kind.register != "vies" or not settings.VIES_URL:
        return None
    return Vies(settings.VIES_URL, requester=_own_number())


def check_tax_id(
    *, kind: Kind, typed: str, user_id: int | None = None, reference: str = "", registers: Registers = register_of
) -> BuyerTaxId:
    """Check a number and keep what was found. Raises `TaxIdRefused` when it cannot be right; nothing is kept then.

    Identity numbers are checked by their digits alone. A business number counts as valid only when its register says
    so: without a clear answer it is `unavailable`, tax is charged, and it is asked again. No transaction may be open.
    """
    number = read_tax_id(kind, typed)
    row = _row(kind, number, user_id, reference)
    if row.status in CLEAR and row.checked_at and row.checked_at > timezone.now() - FRESH:
        return row
    if row.status == TaxIdStatus.UNAVAILABLE and row.next_try_at is not None and row.next_try_at > timezone.now():
        return row
    if kind.purpose == "identity":
        return _keep(row.pk, RegisterAnswer("valid"), by="digits")
    return _ask(row, registers(kind))


@transaction.atomic
def confirm_tax_id(*, tax_id: int, is_valid: bool, consultation_ref: str, reason: str) -> BuyerTaxId:
    """An operator has asked a register by hand; `consultation_ref` is the proof they hold."""
    row = BuyerTaxId.objects.lock().get(pk=tax_id)
    before = row.status
    answer = RegisterAnswer("valid" if is_valid else "invalid", consultation_ref=consultation_ref)
    row = _write(row, answer, by="operator")
    audit.record("buyer_tax_id.confirm", row, data={"old": before, "new": row.status}, reason=reason)
    return row


def retry_unavailable(*, limit: int = 50, registers: Registers = register_of) -> int:
    """Ask again about numbers whose register did not answer; how many are decided now."""
    due = BuyerTaxId.objects.filter(
        status=TaxIdStatus.UNAVAILABLE, next_try_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS
    ).order_by("next_try_at")
    decided = 0
    for row in list(due[:limit]):
        kind = kind_of(row.country, row.kind)
        if kind is None:
            continue
        decided += _ask(row, registers(kind)).status != TaxIdStatus.UNAVAILABLE
    return decided


@transaction.atomic
def note_tax_id(*, kind: Kind, typed: str, user_id: int | None = None, reference: str = "") -> BuyerTaxId:
    """Keep a number inside a transaction, where nobody can be asked. Raises `TaxIdRefused`.

    Identity numbers are checked by their digits. A business number takes over a clear answer of the last day;
    otherwise it waits for its register, which is asked by the clock.
    """
    row = _row(kind, read_tax_id(kind, typed), user_id, reference)
    if kind.purpose == "identity":
        return _keep(row.pk, RegisterAnswer("valid"), by="digits")
    if row.status in CLEAR:
        return row
    known = BuyerTaxId.objects.numbered(row.number).filter(
        country=row.country, kind=row.kind, status__in=CLEAR, checked_at__gt=timezone.now() - FRESH
    )
    answer = known.order_by("-checked_at").first()
    for name in PROOF if answer is not None else ():
        setattr(row, name, getattr(answer, name))
    if answer is None:
        row.status, row.next_try_at = TaxIdStatus.UNAVAILABLE, timezone.now() if kind.register else None
    row.save()
    return row


def repeat_tax_ids(*, reference: str, again: str) -> int:
    """The numbers kept with one order, with their answers, for an order that follows from it; returns how many.

    Once: an order that has numbers keeps its own. Joins the caller's transaction.
    """
    if BuyerTaxId.objects.filter(reference=again).exists():
        return 0
    rows = list(BuyerTaxId.objects.filter(reference=reference).order_by("pk"))
    for row in rows:
        row.pk, row.reference = None, again
        row._state.adding = True
    BuyerTaxId.objects.bulk_create(rows)
    return len(rows)


def ask_again(*, tax_id: int, registers: Registers = register_of) -> BuyerTaxId:
    """Ask the register about a number now. No transaction may be open."""
    row = BuyerTaxId.objects.get(pk=tax_id)
    kind = kind_of(row.country, row.kind)
    return row if kind is None or kind.purpose == "identity" else _ask(row, registers(kind))


def attach_to_order(*, tax_id: int, number: str) -> BuyerTaxId:
    """Freeze a checked number on an order: a row of the order's own, with the same proof."""
    row = BuyerTaxId.objects.get(pk=tax_id)
    values = {name: getattr(row, name) for name in PROOF}
    return _kept(row.number, row.user_id, reference=number, country=row.country, kind=row.kind, values=values)


def buyer_fact(row: BuyerTaxId | None) -> Buyer:
    """What the tax engine needs to know of a buyer. An unchecked number counts like one whose register is silent."""
    if row is None:
        return Buyer()
    status = "unavailable" if row.status == TaxIdStatus.UNCHECKED else row.status
    return Buyer(tax_id=row.number, tax_id_country=row.country, tax_id_status=status)  # type: ignore[arg-type]  # its three values


def _ask(row: BuyerTaxId, register: Register | None) -> BuyerTaxId:
    if register is None:
        return _keep(row.pk, RegisterAnswer("unavailable"), by="", ask_again=False)
    return _keep(row.pk, register.ask(row.number), by=register.name)


@transaction.atomic
def _row(kind: Kind, number: str, user_id: int | None, reference: str) -> BuyerTaxId:
    return _kept(number, user_id, reference=reference, country=kind.country, kind=kind.code, values={})


def _kept(
    number: str, user_id: int | None, *, reference: str, country: str, kind: str, values: Mapping[str, Any]
) -> BuyerTaxId:
    """The row of a number, made when there is none; rows that an older key has sealed are found as well."""
    owned = {"user_id": user_id, "reference": reference, "country": country, "kind": kind}
    found = BuyerTaxId.objects.numbered(number).filter(**owned).first()
    if found is not None:
        return found
    made, _new = BuyerTaxId.objects.get_or_create(
        **owned, number_print=fingerprint(number), defaults={**values, "number": number}
    )
    return made


def reveal_tax_id(*, tax_id: int, reason: str) -> str:
    """The whole number for an operator, written into the activity log with the reason. Raises `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = BuyerTaxId.objects.get(pk=tax_id)
        audit.record("buyer_tax_id.reveal", row, data={"reference": row.reference}, reason=reason.strip())
    return row.number


@transaction.atomic
def _keep(tax_id: int, answer: RegisterAnswer, *, by: str, ask_again: bool = True) -> BuyerTaxId:
    row = BuyerTaxId.objects.lock().get(pk=tax_id)
    waited = row.status == TaxIdStatus.UNAVAILABLE
    row = _write(row, answer, by=by, ask_again=ask_again)
    audit.record("buyer_tax_id.check", row, data={"status": row.status, "by": by, "consultation": row.consultation_ref})
    if waited and row.status != TaxIdStatus.UNAVAILABLE and row.reference:
        publish(TaxIdDecided(tax_id=row.pk, reference=row.reference, status=row.status))
    return row


def _write(row: BuyerTaxId, answer: RegisterAnswer, *, by: str, ask_again: bool = True) -> BuyerTaxId:
    now = timezone.now()
    row.status, row.checked_by = answer.status, by
    row.checked_at = now
    row.consultation_ref, row.response_hash = answer.consultation_ref, answer.response_hash
    row.evidence = answer.evidence
    if answer.status == "unavailable":
        row.attempts += 1
        row.next_try_at = now + RETRY[min(row.attempts, len(RETRY)) - 1] if ask_again else None
    else:
        row.next_try_at = None
    row.save()
    return row


def _own_number() -> str:
    """Our own EU VAT number, in whose name the register is asked."""
    found = LegalEntity.objects.filter(active=True).order_by("pk").values_list("tax_number", flat=True).first() or ""
    return found.replace(" ", "") if found[:2].isalpha() else ""
