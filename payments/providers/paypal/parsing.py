"""From PayPal's orders and disputes to our facts. Pure: tested against PayPal's published shapes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from djmoney.money import Money

from core.money import sum_money
from payments.providers.paypal.amounts import from_paypal
from payments.providers.paypal.promises import promise_of
from payments.types import FactKind, PaymentFact

Plain = Mapping[str, Any]
WAITING = ("CREATED", "SAVED", "PAYER_ACTION_REQUIRED", "APPROVED")
"""The shopper, or we, have still something to do; no money has moved."""
SETTLED = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
CAPTURES: dict[str, FactKind] = {
    **dict.fromkeys(SETTLED, "captured"),
    "PENDING": "processing",
    "DECLINED": "failed",
    "FAILED": "failed",
}
AUTHORIZATIONS: dict[str, FactKind] = {
    "CREATED": "authorized",
    "PARTIALLY_CAPTURED": "authorized",
    "CAPTURED": "authorized",
    "PENDING": "processing",
    "DENIED": "failed",
    "VOIDED": "canceled",
    "EXPIRED": "canceled",
}
REFUNDS: dict[str, FactKind] = {
    "PENDING": "refund_pending",
    "COMPLETED": "refunded",
    "FAILED": "refund_failed",
    "CANCELLED": "refund_failed",
}
WON = ("RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER", "DENIED")
LOST = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")


def facts_of_order(order: Plain) -> list[PaymentFact]:
    """Everything an order says, its authorisation, captures and refunds included."""
    name, status = str(order["id"]), str(order["status"])
    if status in WAITING:
        return [PaymentFact("action_required", agreed_amount(order), name, name, moment_of(order))]
    facts = [
        *_facts(authorizations_of(order), AUTHORIZATIONS, name),
        *_facts(captures_of(order), CAPTURES, name),
        *_fees(captures_of(order), name),
        *facts_of_refunds(refunds_of(order), provider_ref=name),
    ]
    if status == "VOIDED" and not facts:
        facts = [PaymentFact("canceled", agreed_amount(order), name, name, moment_of(order), code="voided")]
    return facts


def _facts(things: Iterable[Plain], kinds: Mapping[str, FactKind], ref: str) -> list[PaymentFact]:
    """A status we do not know says nothing we could act on."""
    return [
        PaymentFact(
            kinds[str(thing["status"])],
            from_paypal(thing["amount"]),
            ref,
            str(thing["id"]),
            moment_of(thing),
            code=_code(thing),
            detail=_protection(thing),
        )
        for thing in things
        if str(thing["status"]) in kinds
    ]


def _code(thing: Plain) -> str:
    """Why it waits or failed; a success needs no reason."""
    status = str(thing["status"])
    if status in SETTLED or AUTHORIZATIONS.get(status) == "authorized":
        return ""
    reason = (thing.get("status_details") or {}).get("reason")
    return str(reason or status).lower()[:60]


def _protection(capture: Plain) -> dict[str, str]:
    said = (capture.get("seller_protection") or {}).get("status")
    return {"seller_protection": str(said)} if said and str(capture["status"]) in SETTLED else {}


def _fees(captures: Iterable[Plain], ref: str) -> list[PaymentFact]:
    """What PayPal kept of each capture, in the capture's currency."""
    facts = []
    for capture in captures:
        fee = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
        if fee and str(capture["status"]) in SETTLED and from_paypal(fee).amount > 0:
            facts.append(PaymentFact("fee", from_paypal(fee), ref, str(capture["id"]), moment_of(capture)))
    return facts


def facts_of_refunds(refunds: Sequence[Plain], *, provider_ref: str) -> list[PaymentFact]:
    """Refunds, ours and those made in PayPal's own pages. One promise of ours may have taken several."""
    facts, ours = [], dict[UUID, list[Plain]]()
    for refund in refunds:
        promise = promise_of(refund)
        if promise is None:
            facts += _facts([refund], REFUNDS, provider_ref)
        else:
            ours.setdefault(promise.refund_ref, []).append(refund)
    for refund_ref, parts in ours.items():
        facts += _promised(refund_ref, parts, provider_ref)
    return facts


def _promised(refund_ref: UUID, parts: Sequence[Plain], ref: str) -> list[PaymentFact]:
    """One fact for the whole promise: done when all of it is back. Parts of a failed one stand for themselves."""
    told = _facts(parts, REFUNDS, ref)
    promise = promise_of(parts[0])
    if promise is None or not told:
        return []
    whole = replace(told[0], amount=promise.total, refund_ref=refund_ref)
    failed = next((fact for fact in told if fact.kind == "refund_failed"), None)
    if failed is not None:
        return [replace(failed, amount=promise.total, refund_ref=refund_ref), *_done(told)]
    asked = sum_money((fact.amount for fact in told), promise.total.currency.code)
    if asked != promise.total:
        return []  # an answer was lost half-way: the rest is still to be asked for, and then all of it is told
    return [replace(whole, kind="refunded" if len(_done(told)) == len(told) else "refund_pending")]


def _done(told: Iterable[PaymentFact]) -> list[PaymentFact]:
    return [fact for fact in told if fact.kind == "refunded"]


def facts_of_dispute(dispute: Plain, *, provider_ref: str) -> list[PaymentFact]:
    """Money a buyer asks back, and what of it stayed ours in the end. An end we cannot read brings nothing back."""
    amount, name = from_paypal(dispute["dispute_amount"]), str(dispute["dispute_id"])
    reason = str(dispute.get("reason") or "").lower()[:60]
    detail = {"dispute_due": str(due)} if (due := dispute.get("seller_response_due_date")) else {}
    facts = [PaymentFact("disputed", amount, provider_ref, name, moment_of(dispute), code=reason, detail=detail)]
    kept = _kept(dispute, amount)
    if str(dispute.get("status")) == "RESOLVED" and kept.amount > 0:
        facts.append(PaymentFact("dispute_reversed", kept, provider_ref, name, _end_of(dispute)))
    elif _is_lost(dispute):
        facts.append(PaymentFact("dispute_lost", amount, provider_ref, name, _end_of(dispute)))
    return facts


def _is_lost(dispute: Plain) -> bool:
    """PayPal has decided for the buyer. An end it does not name leaves the dispute open here, for a person."""
    code = str((dispute.get("dispute_outcome") or {}).get("outcome_code") or "")
    return str(dispute.get("status")) == "RESOLVED" and code in LOST


def _end_of(dispute: Plain) -> datetime:
    return moment_of({"create_time": dispute.get("update_time") or dispute.get("create_time")})


def _kept(dispute: Plain, amount: Money) -> Money:
    outcome = dispute.get("dispute_outcome") or {}
    code, nothing = str(outcome.get("outcome_code") or ""), amount - amount
    if code in WON:
        return amount
    back = outcome.get("amount_refunded")
    if code not in LOST or not back or back.get("currency_code") != amount.currency.code:
        return nothing
    return max(nothing, amount - from_paypal(back))


def unit_of(order: Plain) -> Plain:
    """We make orders of one unit."""
    unit: Plain = order["purchase_units"][0]
    return unit


def agreed_amount(order: Plain) -> Money:
    """What the shopper is asked for."""
    return from_paypal(unit_of(order)["amount"])


def authorizations_of(order: Plain) -> Sequence[Plain]:
    return _payments(order, "authorizations")


def captures_of(order: Plain) -> Sequence[Plain]:
    return _payments(order, "captures")


def refunds_of(order: Plain) -> Sequence[Plain]:
    return _payments(order, "refunds")


def _payments(order: Plain, kind: str) -> Sequence[Plain]:
    units = order.get("purchase_units") or [{}]
    found: Sequence[Plain] = (units[0].get("payments") or {}).get(kind) or ()
    return found


def moment_of(thing: Plain) -> datetime:
    """When it was made; now, where PayPal leaves that out of an answer."""
    said = thing.get("create_time") or thing.get("update_time")
    return datetime.fromisoformat(str(said)) if said else datetime.now(UTC)


def link_of(thing: Plain, *rels: str) -> str:
    """The address of the first of these links; empty when there is none."""
    links = {str(link.get("rel")): str(link.get("href")) for link in thing.get("links") or ()}
    return next((links[rel] for rel in rels if rel in links), "")
