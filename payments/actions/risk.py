"""Deciding about a payment's risk: before the provider is asked, and again when the money comes."""

import hashlib
from dataclasses import asdict

from django.db import transaction

from core import audit
from core.events import publish
from core.money import to_minor
from payments.credit.postings import PROVIDER as CREDIT
from payments.errors import RuleUnknown, ThresholdsOutOfOrder
from payments.events import RiskHeld
from payments.models import Payment, RiskDecision, RiskRule, RiskSubject, RiskThreshold
from payments.risk.digests import account_digest, address_digest, digest
from payments.risk.disposable import is_disposable
from payments.risk.measuring import measure, merged, payer_of
from payments.risk.rules import CODES, Measured, Moment, Rule, Thresholds, Verdict, assess
from payments.risk.standing import rules_now, thresholds_now
from payments.risk.types import About


def note_subject(about: About) -> RiskSubject:
    """Keep what is known of the order, as of now; asked again, what is known now."""
    subject, _made = RiskSubject.objects.update_or_create(
        order_ref=about.order_ref,
        defaults={
            "account": account_digest(user_id=about.user_id, email=about.email),
            "email": digest("email", about.email),
            "address": address_digest(about.address),
            "ship_country": about.ship_country,
            "bill_country": about.bill_country or about.ship_country,
            "ip_country": about.ip_country,
            "is_disposable": is_disposable(about.email),
            "is_first": about.is_first,
            "worth_minor": to_minor(about.worth),
            "currency": about.worth.currency.code,
        },
    )
    return subject


def weigh(payment: Payment, about: About) -> tuple[Verdict, Measured]:
    """The verdict on a payment that is about to be opened; nothing is written but the order's facts."""
    subject = note_subject(about)
    measured = measure(subject, payer_of(payment), {})
    if about.gift_cards:
        measured = {**measured, "gift_cards": about.gift_cards}
    verdict = assess(measured, rules_now(), thresholds_now(), moment="before", may_refuse=about.may_refuse)
    return verdict, measured


def write_decision(
    payment: Payment, verdict: Verdict, measured: Measured, *, moment: Moment, may_refuse: bool
) -> RiskDecision:
    """One row for ever. A payment that was refused was never stored, so its row stands without one."""
    return RiskDecision.objects.create(
        order_ref=payment.order_ref,
        payment=payment if payment.pk else None,
        moment=moment,
        outcome=verdict.outcome,
        points=verdict.points,
        may_refuse=may_refuse,
        measured=dict(measured),
        signals=[asdict(signal) for signal in verdict.signals],
        limits=asdict(thresholds_now()),
        method=payment.method,
    )


def decide_after(payment: Payment) -> RiskDecision | None:
    """Weigh again what is known now that the money is here; a hold is announced in the same transaction.

    Called by `settle_payment`, which has locked the order and the payment. Nothing is decided about what the shop's
    own credit paid, nor about orders nobody told us of. The same facts are not decided twice.
    """
    if payment.provider == CREDIT:
        return None
    subject = RiskSubject.objects.filter(order_ref=payment.order_ref).first()
    if subject is None:
        return None
    earlier = list(RiskDecision.objects.filter(payment=payment).order_by("pk"))
    measured = measure(subject, payer_of(payment), payment.risk)
    for decision in earlier:
        measured = merged(decision.measured, measured)
    if any(one.moment == "after" and one.measured == measured for one in earlier):
        return None
    verdict = assess(measured, rules_now(), thresholds_now(), moment="after")
    decision = write_decision(payment, verdict, measured, moment="after", may_refuse=False)
    if verdict.outcome == "hold":
        publish(_held(payment, decision, verdict))
    return decision


def _held(payment: Payment, decision: RiskDecision, verdict: Verdict) -> RiskHeld:
    codes = tuple(sorted(signal.code for signal in verdict.signals))
    name = hashlib.sha256(" ".join(codes).encode()).hexdigest()[:12]
    return RiskHeld(
        order_ref=payment.order_ref,
        payment_ref=payment.ref,
        decision_id=decision.pk,
        points=verdict.points,
        codes=codes,
        key=f"risk:{payment.order_ref}:{name}",
    )


def change_rule(rule: Rule, *, reason: str) -> RiskRule:
    """Set one rule from now on; decisions that were made stay. Raises `RuleUnknown`."""
    if rule.code not in CODES:
        raise RuleUnknown
    with transaction.atomic():
        before = next(one for one in rules_now() if one.code == rule.code)
        row, _made = RiskRule.objects.update_or_create(
            code=rule.code, defaults={"at_least": rule.at_least, "points": rule.points, "is_on": rule.is_on}
        )
        audit.record(
            "payments.change_risk_rule", row, data={"before": asdict(before), "now": asdict(rule)}, reason=reason
        )
    return row


def change_thresholds(wanted: Thresholds, *, reason: str) -> RiskThreshold:
    """Set from how many points on something is done. Raises `ThresholdsOutOfOrder`."""
    if not 1 <= wanted.strong <= wanted.hold <= wanted.refuse:
        raise ThresholdsOutOfOrder
    with transaction.atomic():
        before = thresholds_now()
        row, _made = RiskThreshold.objects.update_or_create(name="shop", defaults=asdict(wanted))
        audit.record(
            "payments.change_risk_thresholds",
            row,
            data={"before": asdict(before), "now": asdict(wanted)},
            reason=reason,
        )
    return row
