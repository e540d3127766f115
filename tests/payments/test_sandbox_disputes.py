"""Playing the customer's bank at the sandbox: doubtful payments, 3-D Secure that was asked for, and disputes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from core.integrity import registered, run
from payments.actions import Asked, open_payment, process_inbox, refresh_payment, start_payment
from payments.errors import ProviderRefused
from payments.models import Dispute, Payment, RiskDecision, SandboxMovement
from payments.providers.sandbox import world
from payments.providers.sandbox.books import entries
from payments.risk.types import About
from payments.tasks import run_sandbox
from payments.types import RefundRequest
from tests.factories.payments import charge_of, order_ref, started

pytestmark = pytest.mark.django_db
EUR = Money("49.90", "EUR")


def press(payment: Payment, choice: str) -> str:
    answer = Client().post(payment.next_action["url"], {"choice": choice})
    assert answer.status_code == 303
    return str(answer["Location"])


def told(payment: Payment) -> Payment:
    """Let the world go on until the shop has heard and acted."""
    run_sandbox()
    process_inbox()
    payment.refresh_from_db()
    return payment


def weighed(bill_country: str = "") -> Payment:
    """A payment whose risk is weighed."""
    order = order_ref()
    about = About(
        order_ref=order, worth=EUR, email="a@example.com", address="", ship_country="DE", bill_country=bill_country
    )
    payment = open_payment(order_ref=order, amount=EUR, provider="sandbox", method="card", asked=Asked(about=about))
    return begun(payment)


def begun(payment: Payment) -> Payment:
    start_payment(
        payment_ref=payment.ref,
        email="a@example.com",
        market="de",
        language="de",
        return_url="http://testserver/back/",
        cancel_url="http://testserver/stop/",
    )
    payment.refresh_from_db()
    return payment


def broken() -> list[str]:
    """Of the checks of payments and the ledger; there is no order here."""
    return [one.check.code for one in run(registered()) if one.count and one.check.code[0] in "PLR"]


@pytest.mark.parametrize(
    ("choice", "code", "outcome"),
    [("elevated", "provider_elevated", "allow"), ("highest", "provider_highest", "hold")],
)
def test_a_doubtful_payment_succeeds_and_the_risk_rules_hear_of_it(choice: str, code: str, outcome: str) -> None:
    payment = weighed()
    press(payment, choice)
    assert told(payment).state == "captured"
    after = RiskDecision.objects.get(moment="after")
    assert ([signal["code"] for signal in after.signals], after.outcome) == ([code], outcome)


def test_an_ordinary_payment_says_nothing_of_a_risk() -> None:
    payment = weighed()
    press(payment, "succeed")
    assert told(payment).risk == {}
    assert RiskDecision.objects.get(moment="after").outcome == "allow"


def test_where_3d_secure_is_asked_for_paying_leads_to_the_banks_page() -> None:
    payment = open_payment(order_ref=order_ref(), amount=EUR, provider="sandbox", method="card")
    Payment.objects.filter(pk=payment.pk).update(strong=True)
    payment = begun(payment)
    assert press(payment, "succeed") == payment.next_action["url"]
    assert told(payment).state == "action_required"
    press(payment, "confirm_yes")
    assert told(payment).state == "captured"


@pytest.mark.parametrize(
    ("end", "state", "taken", "payment_state"),
    [("dispute_won", "won", 0, "captured"), ("dispute_lost", "lost", 4990, "disputed")],
)
def test_a_dispute_takes_the_money_and_the_bank_decides(
    end: str, state: str, taken: int, payment_state: str, balances
) -> None:
    payment = started(EUR)
    press(payment, "succeed")
    told(payment)
    before = balances()
    assert press(payment, "dispute") == payment.next_action["url"]
    assert told(payment).state == "disputed"
    dispute = Dispute.objects.get()
    assert (dispute.reason, dispute.amount, dispute.state) == ("fraudulent", EUR, "open")
    assert dispute.due_at is not None
    assert timedelta(days=6) < dispute.due_at - timezone.now() <= timedelta(days=7)
    press(payment, end)
    press(payment, end)
    assert (told(payment).state, payment.disputed_minor) == (payment_state, taken)
    dispute.refresh_from_db()
    assert dispute.state == state
    assert (balances() == before) is (state == "won")
    assert not broken()


def test_a_dispute_happens_once_and_only_to_what_was_paid() -> None:
    payment = started(EUR)
    press(payment, "dispute")
    assert told(payment).state == "action_required"
    press(payment, "succeed")
    for choice in ("dispute_won", "dispute", "dispute", "dispute_lost", "dispute_won", "dispute"):
        press(payment, choice)
    kinds = list(SandboxMovement.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["capture", "dispute", "lost"]
    told(payment)
    assert Dispute.objects.get().state == "lost"


def test_what_the_bank_has_taken_cannot_be_given_back() -> None:
    payment = started(EUR)
    press(payment, "succeed")
    press(payment, "dispute")
    refresh_payment(payment_ref=payment.ref)
    request = RefundRequest(refund_ref=payment.ref, amount=EUR, idempotency_key="k", reason="")
    with pytest.raises(ProviderRefused):
        world.refund(charge_of(payment), request)


def test_the_books_of_the_sandbox_name_a_dispute_like_its_facts() -> None:
    payment = started(EUR)
    press(payment, "highest")
    press(payment, "dispute")
    press(payment, "dispute_won")
    told(payment)
    now = timezone.now()
    rows = [row for row in entries(now - timedelta(hours=1), now + timedelta(hours=1)) if row.kind != "payout"]
    assert [(row.kind, row.amount) for row in rows] == [("charge", EUR), ("dispute", -EUR), ("dispute", EUR)]
    facts = set(payment.transactions.values_list("kind", "fact_ref"))
    assert {("disputed", rows[1].fact_ref), ("dispute_reversed", rows[2].fact_ref)} <= facts
