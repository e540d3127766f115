"""Our reading of Stripe against its own recorded objects, and the stand-in's shapes against them.

The recordings are not part of the project: without the folder named by `STRIPE_RECORDINGS` these tests are skipped.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from payments.providers.stripe.parsing import facts_of_intent, facts_of_refunds, facts_of_session
from tests.standins import stripe_objects

HERE = Path(os.environ.get("STRIPE_RECORDINGS") or Path(__file__).parents[3] / "shared" / "data" / "payments-stripe")
pytestmark = pytest.mark.skipif(not HERE.is_dir(), reason="there are no recordings of Stripe's objects here")


def resource(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "openapi-fixtures3.json").read_text("utf-8"))["resources"][name]
    return found


def recorded(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / path).read_text("utf-8"))
    return found


PARAMS = {
    "mode": "payment",
    "success_url": "https://shop.example/back",
    "cancel_url": "https://shop.example/stop",
    "line_items": [{"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 4990}}],
}


def stand_ins() -> dict[str, dict[str, Any]]:
    intent = stripe_objects.intent({"amount": 4990, "currency": "eur"})
    charge = stripe_objects.charge(intent, status="succeeded")
    return {
        "checkout.session": stripe_objects.session(PARAMS, intent["id"], "http://localhost"),
        "payment_intent": intent,
        "charge": charge,
        "refund": stripe_objects.refund({"amount": 100}, charge, "succeeded"),
        "dispute": stripe_objects.dispute(charge, "needs_response"),
        "balance_transaction": stripe_objects.balance(charge, 4990, "charge"),
        "event": stripe_objects.event("payment_intent.succeeded", intent),
    }


@pytest.mark.parametrize("name", sorted(stand_ins()))
def test_the_stand_in_shows_only_fields_stripe_has_and_of_the_same_kind(name) -> None:
    real, ours = resource(name), stand_ins()[name]
    assert set(ours) - set(real) == set()
    for field, value in ours.items():
        if value is not None and real[field] is not None and field != "data":
            assert isinstance(value, type(real[field])), field


def test_a_recorded_intent_of_stripe_is_read() -> None:
    assert [fact.kind for fact in facts_of_intent(resource("payment_intent"))][-1] == "action_required"
    intent = recorded("dj-stripe-fixtures/payment_intent_pi_fakefakefakefakefake0001.json")
    facts = facts_of_intent(intent)
    assert [fact.kind for fact in facts] == ["captured"]
    assert facts[0].provider_ref == intent["id"]


def test_a_recorded_session_of_stripe_is_read() -> None:
    assert [fact.kind for fact in facts_of_session(resource("checkout.session") | {"payment_intent": None})] == [
        "action_required"
    ]


def test_a_recorded_refund_of_stripe_is_read() -> None:
    facts = facts_of_refunds([resource("refund")], provider_ref="pi_1")
    assert [(fact.kind, str(fact.amount.amount)) for fact in facts] == [("refunded", "1.00")]
