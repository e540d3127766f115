"""The nightly checks of disputes and risk find what the database's own guards would have refused."""

import pytest
from djmoney.money import Money

from core.integrity import registered, run
from payments.actions import Asked, open_payment
from payments.models import Dispute, DisputeEvidence, RiskDecision
from payments.risk.types import About
from tests.factories.payments import fact, paid, settled
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db
EUR = Money("49.90", "EUR")


def found(code: str) -> int:
    return next(one.count for one in run(registered()) if one.check.code == code)


def test_a_dispute_nobody_can_answer_is_found() -> None:
    first, second = paid(EUR), paid(EUR)
    settled(first, fact(first, "disputed", fact_ref="dp_1"))
    settled(second, fact(second, "disputed", fact_ref="dp_2"))
    assert found("P20") == 0
    with behind_the_databases_back():
        DisputeEvidence.objects.all().delete()
        Dispute.objects.filter(fact_ref="dp_2").delete()
    assert found("P20") == 1


def test_a_payment_that_was_opened_in_spite_of_a_refusal_is_found() -> None:
    about = About(order_ref="A-1", worth=EUR, email="a@example.com", address="", ship_country="DE")
    open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card", asked=Asked(about=about))
    assert found("P21") == 0
    with behind_the_databases_back():
        RiskDecision.objects.update(outcome="refuse")
    assert found("P21") == 1
