"""Decisions around real payments: kept for ever, made again when the money comes, and told to orders."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction
from djmoney.money import Money

from core.models import AuditEntry
from payments.actions import Asked, open_payment
from payments.actions.risk import change_rule, change_thresholds
from payments.errors import RuleUnknown, ThresholdsOutOfOrder, WayRefused
from payments.events import RiskHeld
from payments.models import Payment, PaymentTransaction, RiskDecision, RiskSubject
from payments.risk.preview import Policy, preview_change
from payments.risk.rules import RULES, Thresholds
from payments.risk.standing import rules_now, thresholds_now
from payments.risk.types import About
from tests.factories.payments import fact, settled

pytestmark = pytest.mark.django_db

EUR = Money("49.90", "EUR")
PLAIN = About(
    order_ref="A-1",
    worth=EUR,
    email="shopper@example.com",
    address="Musterstr. 1 10115 Berlin DE",
    ship_country="DE",
    may_refuse=True,
)


def opened(about: About = PLAIN, *, visitor: str = "192.0.2.1", key: str = "") -> Payment:
    return open_payment(
        order_ref=about.order_ref,
        amount=EUR,
        provider="sandbox",
        method="card",
        key=key,
        asked=Asked(visitor=visitor, about=about),
    )


def rule(code: str, **changes: object) -> None:
    found = next(one for one in RULES if one.code == code)
    change_rule(replace(found, **changes), reason="a test")


def declined(payment: Payment, *names: str, card: str = "fingerprint-1") -> None:
    settled(payment, *(fact(payment, "declined", fact_ref=name, detail={"card_fingerprint": card}) for name in names))


def test_an_ordinary_payment_is_let_through_and_the_decision_is_kept() -> None:
    payment = opened()
    decision = RiskDecision.objects.get()
    assert (decision.payment, decision.outcome, decision.moment, decision.points) == (payment, "allow", "before", 0)
    assert decision.measured["failed_visitor"] == 0
    assert not payment.strong


def test_nothing_personal_is_stored() -> None:
    payment = opened()
    subject = RiskSubject.objects.values().get()
    stored = f"{subject} {Payment.objects.values().get(pk=payment.pk)} {RiskDecision.objects.values().get()}".lower()
    for word in ("shopper", "example.com", "muster", "10115", "192.0.2.1"):
        assert word not in stored


def test_the_same_request_twice_decides_once() -> None:
    assert opened(key="k") == opened(key="k")
    assert RiskDecision.objects.count() == 1


def test_a_decision_cannot_be_changed_or_deleted() -> None:
    opened()
    for change in (lambda rows: rows.update(outcome="hold"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(RiskDecision.objects.all())
    assert RiskDecision.objects.get().outcome == "allow"


def test_3d_secure_is_asked_for_from_its_threshold_on() -> None:
    rule("bill_country", points=30)
    payment = opened(replace(PLAIN, bill_country="US"))
    assert payment.strong
    assert RiskDecision.objects.get().outcome == "strong"


def test_a_refused_way_leaves_a_decision_and_no_payment() -> None:
    rule("failed_visitor", at_least=1, points=100)
    declined(opened(), "d1")
    with pytest.raises(WayRefused) as refusal:
        opened(replace(PLAIN, order_ref="A-2"))
    assert "risk" not in str(refusal.value).lower()
    assert not Payment.objects.filter(order_ref="A-2").exists()
    decision = RiskDecision.objects.get(order_ref="A-2")
    assert (decision.outcome, decision.payment) == ("refuse", None)
    assert [signal["code"] for signal in decision.signals] == ["failed_visitor"]


def test_where_no_other_way_is_offered_nobody_is_refused() -> None:
    rule("failed_visitor", at_least=1, points=100)
    declined(opened(), "d1")
    assert opened(replace(PLAIN, order_ref="A-2", may_refuse=False)).strong
    assert RiskDecision.objects.get(order_ref="A-2").outcome == "hold"


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("failed_visitor", {"about": replace(PLAIN, order_ref="A-2", email="b@example.com", address="Elsewhere 9")}),
        ("failed_account", {"about": replace(PLAIN, order_ref="A-2", address="Elsewhere 9"), "visitor": "192.0.2.9"}),
        ("failed_address", {"about": replace(PLAIN, order_ref="A-2", email="b@example.com"), "visitor": "192.0.2.9"}),
    ],
)
def test_failures_are_seen_by_visitor_by_account_and_by_address(code: str, other: dict) -> None:
    declined(opened(), "d1", "d2")
    opened(**other)
    measured = RiskDecision.objects.get(order_ref="A-2").measured
    seen = {name: measured[name] for name in ("failed_visitor", "failed_account", "failed_address")}
    assert seen == dict.fromkeys(seen, 0) | {code: 2}


def test_a_card_is_recognised_on_another_order_and_its_name_is_not_kept() -> None:
    declined(opened(), "d1", "d2")
    other = replace(PLAIN, order_ref="A-2", email="b@example.com", address="Elsewhere 9")
    second = opened(other, visitor="192.0.2.9")
    declined(second, "d3")
    opened(other, visitor="192.0.2.9")
    assert RiskDecision.objects.filter(order_ref="A-2").first().measured["failed_card"] == 3
    assert not PaymentTransaction.objects.filter(detail__has_key="card_fingerprint").exists()
    assert not PaymentTransaction.objects.filter(card__contains="fingerprint").exists()


def test_two_accounts_at_one_address_are_two_people() -> None:
    opened()
    opened(replace(PLAIN, order_ref="A-2", email="b@example.com"))
    assert RiskDecision.objects.get(order_ref="A-2").measured["people_at_address"] == 2


def test_a_first_order_is_compared_with_what_orders_usually_cost_once_that_is_known() -> None:
    dear = replace(PLAIN, worth=Money("300.00", "EUR"), is_first=True)
    opened(replace(dear, order_ref="A-0"))
    assert "first_high" not in RiskDecision.objects.get(order_ref="A-0").measured
    RiskSubject.objects.all().delete()
    rows = [RiskSubject(order_ref=f"B-{n}", worth_minor=5000, currency="EUR") for n in range(30)]
    RiskSubject.objects.bulk_create(rows)
    opened(dear)
    assert RiskDecision.objects.get(order_ref="A-1").measured["first_high"] == 600


def test_when_the_money_comes_the_providers_word_counts_and_the_order_is_held(announced) -> None:
    payment = opened()
    settled(payment, fact(payment, "captured", detail={"risk_level": "highest", "card_country": "DE"}))
    after = RiskDecision.objects.get(moment="after")
    assert (after.outcome, after.payment) == ("hold", payment)
    held = [event for event in announced if isinstance(event, RiskHeld)]
    assert [(event.order_ref, event.codes, event.decision_id) for event in held] == [
        ("A-1", ("provider_highest",), after.pk)
    ]


def test_an_ordinary_payment_is_not_held(announced) -> None:
    payment = opened()
    settled(payment, fact(payment, "captured", detail={"risk_level": "normal", "card_country": "DE"}))
    assert RiskDecision.objects.get(moment="after").outcome == "allow"
    assert not [event for event in announced if isinstance(event, RiskHeld)]


def test_what_was_seen_before_is_not_forgotten_after(announced) -> None:
    rule("bill_country", points=30)
    change_thresholds(Thresholds(strong=30, hold=40, refuse=100), reason="a test")
    payment = opened(replace(PLAIN, bill_country="US"))
    RiskSubject.objects.update(bill_country="DE")
    settled(payment, fact(payment, "captured", detail={"card_country": "FR"}))
    after = RiskDecision.objects.get(moment="after")
    assert {signal["code"] for signal in after.signals} == {"bill_country", "card_country"}
    assert after.outcome == "hold"


def test_the_same_report_twice_decides_and_announces_once(announced) -> None:
    payment = opened()
    told = fact(payment, "captured", detail={"risk_level": "highest"})
    settled(payment, told, told, told)
    assert RiskDecision.objects.filter(moment="after").count() == 1
    assert len([event for event in announced if isinstance(event, RiskHeld)]) == 1


def test_rules_and_thresholds_are_changed_with_a_reason_and_checked() -> None:
    rule("disposable", points=99)
    assert next(one for one in rules_now() if one.code == "disposable").points == 99
    assert AuditEntry.objects.get(action="payments.change_risk_rule").reason == "a test"
    with pytest.raises(RuleUnknown):
        change_rule(replace(RULES[0], code="unheard_of"), reason="a test")
    before = thresholds_now()
    with pytest.raises(ThresholdsOutOfOrder):
        change_thresholds(Thresholds(strong=60, hold=30, refuse=100), reason="a test")
    assert thresholds_now() == before


def test_a_preview_says_how_many_orders_a_change_would_have_touched() -> None:
    opened()
    opened(replace(PLAIN, order_ref="A-2", bill_country="US"))
    now = Policy(rules=rules_now(), thresholds=thresholds_now())
    strict = tuple(replace(one, points=60) if one.code == "bill_country" else one for one in RULES)
    seen = preview_change(now, Policy(rules=strict, thresholds=thresholds_now()))
    assert (seen.orders, seen.touched, seen.moves) == (2, 1, (("allow", "hold", 1),))
