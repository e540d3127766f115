"""From Stripe's objects to our facts. Pure: tested on recorded objects."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from djmoney.money import Money

from payments.providers.stripe.amounts import from_stripe
from payments.types import FactKind, PaymentFact

Plain = Mapping[str, Any]
REFUND_KINDS: dict[str, FactKind] = {
    "pending": "refund_pending",
    "requires_action": "refund_pending",
    "succeeded": "refunded",
    "failed": "refund_failed",
    "canceled": "refund_failed",
}
BEFORE_CAPTURE = ("requires_payment_method", "requires_confirmation", "requires_action")
DISPUTE_ENDS: dict[str, FactKind] = {"won": "dispute_reversed", "lost": "dispute_lost"}
DISPUTE_TAKEN = ("needs_response", "under_review", "won", "lost")


def facts_of_session(session: Plain) -> list[PaymentFact]:
    """A hosted checkout: its own end, and the payment behind it."""
    intent = session.get("payment_intent")
    name, when = str(session["id"]), moment(session["created"])
    amount = from_stripe(int(session.get("amount_total") or 0), str(session.get("currency") or "usd"))
    if session["status"] == "expired":
        return [PaymentFact("canceled", amount, name, name, when, code="expired")]
    if not isinstance(intent, Mapping):
        return [PaymentFact("action_required", amount, name, name, when)]
    facts = facts_of_intent(intent, provider_ref=name)
    if session["status"] == "complete" and session.get("payment_status") == "unpaid":
        return [_after_the_page(fact, intent) for fact in facts]
    return facts


def _after_the_page(fact: PaymentFact, intent: Plain) -> PaymentFact:
    """The page is finished: a voucher waits for money, and a lost attempt cannot be repeated there."""
    if fact.kind != "action_required":
        return fact
    if intent["status"] == "requires_payment_method":
        code = str(_error_of(intent).get("decline_code") or _error_of(intent).get("code") or "failed")
        return _as(fact, "failed", code)
    return _as(fact, "processing", "")


def _as(fact: PaymentFact, kind: FactKind, code: str) -> PaymentFact:
    return PaymentFact(kind, fact.amount, fact.provider_ref, fact.fact_ref, fact.occurred_at, code=code)


def facts_of_intent(intent: Plain, *, provider_ref: str = "") -> list[PaymentFact]:
    """Everything a payment intent says, told under the name we know the payment by."""
    ref = provider_ref or str(intent["id"])
    pi, when, status = str(intent["id"]), moment(intent["created"]), str(intent["status"])
    currency = str(intent["currency"])
    amount = from_stripe(int(intent["amount"]), currency)
    facts = _declines(intent, ref, amount, when)
    if status in BEFORE_CAPTURE:
        waiting = PaymentFact("action_required", amount, ref, pi, when)
        facts.append(_after_the_page(waiting, intent) if _has_lost_its_card(intent) else waiting)
    elif status == "processing":
        facts.append(PaymentFact("processing", amount, ref, pi, when))
    elif status == "canceled":
        reason = str(intent.get("cancellation_reason") or "canceled")
        facts.append(PaymentFact("canceled", amount, ref, pi, when, code=reason))
    else:
        facts.extend(_money(intent, ref, amount, when))
    return facts


def _has_lost_its_card(intent: Plain) -> bool:
    """Begun with a kept card, and that card was declined: nobody is shown a page on which to try another one."""
    is_saved = _metadata(intent).get("surface") == "saved"
    return is_saved and intent["status"] == "requires_payment_method" and bool(_error_of(intent))


def _money(intent: Plain, ref: str, amount: Money, when: datetime) -> list[PaymentFact]:
    pi, currency = str(intent["id"]), str(intent["currency"])
    facts = []
    if intent.get("capture_method") == "manual":
        facts.append(PaymentFact("authorized", amount, ref, pi, when, detail=_risk(intent)))
    if intent["status"] == "succeeded":
        received = from_stripe(int(intent["amount_received"]), currency)
        facts.append(PaymentFact("captured", received, ref, pi, when, detail=_risk(intent)))
        facts.extend(_fee(intent, ref, when))
    return facts


def _declines(intent: Plain, ref: str, amount: Money, when: datetime) -> list[PaymentFact]:
    """A declined try within a payment that goes on. Its reason is for operators; shoppers get a plain sentence."""
    error = _error_of(intent)
    if not error or intent["status"] == "succeeded":
        return []
    charge = error.get("charge") or intent.get("latest_charge") or intent["id"]
    name = str(charge["id"] if isinstance(charge, Mapping) else charge)
    code = str(error.get("decline_code") or error.get("code") or "declined")
    detail = card_details(error.get("payment_method"), "card")
    return [PaymentFact("declined", amount, ref, name, when, code=code[:60], detail=detail)]


def card_details(thing: object, *path: str) -> dict[str, str]:
    """Stripe's name of the card and the country it was issued in, where it was a card."""
    for step in path:
        thing = thing.get(step) if isinstance(thing, Mapping) else None
    if not isinstance(thing, Mapping):
        return {}
    said = {"card_fingerprint": thing.get("fingerprint"), "card_country": thing.get("country")}
    return {name: str(value) for name, value in said.items() if value}


def _error_of(intent: Plain) -> Plain:
    error = intent.get("last_payment_error")
    return error if isinstance(error, Mapping) else {}


def _risk(intent: Plain) -> dict[str, str]:
    charge = _charge_of(intent)
    card = card_details(charge, "payment_method_details", "card")
    outcome = charge.get("outcome")
    if not isinstance(outcome, Mapping):
        return card
    return card | {
        key: str(outcome[key]) for key in ("risk_level", "risk_score", "type") if outcome.get(key) is not None
    }


def _fee(intent: Plain, ref: str, when: datetime) -> list[PaymentFact]:
    """What Stripe kept, in the currency it settles in."""
    settled = _charge_of(intent).get("balance_transaction")
    if not isinstance(settled, Mapping) or not settled.get("fee"):
        return []
    fee = from_stripe(int(settled["fee"]), str(settled["currency"]))
    return [PaymentFact("fee", fee, ref, str(settled["id"]), when)]


def _charge_of(intent: Plain) -> Plain:
    charge = intent.get("latest_charge")
    return charge if isinstance(charge, Mapping) else {}


def is_disputed(intent: Plain) -> bool:
    """Whether a bank has asked for the money back."""
    return bool(_charge_of(intent).get("disputed"))


def facts_of_refunds(refunds: Sequence[Plain], *, provider_ref: str) -> list[PaymentFact]:
    """Refunds, ours and those made in Stripe's own pages."""
    return [
        PaymentFact(
            REFUND_KINDS[str(refund.get("status") or "pending")],
            from_stripe(int(refund["amount"]), str(refund["currency"])),
            provider_ref,
            str(refund["id"]),
            moment(refund["created"]),
            code=str(refund.get("failure_reason") or "")[:60],
            refund_ref=uuid_of(_metadata(refund).get("refund_ref")),
        )
        for refund in refunds
    ]


def facts_of_disputes(disputes: Sequence[Plain], *, provider_ref: str) -> list[PaymentFact]:
    """Money a bank took back, and money it returned."""
    facts = []
    for dispute in disputes:
        if dispute["status"] not in DISPUTE_TAKEN:
            continue
        amount = from_stripe(int(dispute["amount"]), str(dispute["currency"]))
        when, name = moment(dispute["created"]), str(dispute["id"])
        code = str(dispute.get("reason") or "")[:60]
        facts.append(PaymentFact("disputed", amount, provider_ref, name, when, code=code, detail=_due(dispute)))
        if dispute["status"] in DISPUTE_ENDS:
            facts.append(PaymentFact(DISPUTE_ENDS[dispute["status"]], amount, provider_ref, name, when))
    return facts


def _due(dispute: Plain) -> dict[str, str]:
    """Until when the bank takes evidence."""
    due = (dispute.get("evidence_details") or {}).get("due_by")
    return {"dispute_due": moment(due).isoformat()} if due else {}


def _metadata(thing: Plain) -> Plain:
    metadata = thing.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def metadata_of(thing: Plain) -> Plain:
    """The labels we put on our objects; empty for those of others."""
    return _metadata(thing)


def uuid_of(text: object) -> UUID | None:
    """The UUID in a label, or nothing."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def moment(timestamp: int) -> datetime:
    """Stripe counts seconds since 1970."""
    return datetime.fromtimestamp(int(timestamp), tz=UTC)
