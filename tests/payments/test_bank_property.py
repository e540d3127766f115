"""However a shopper cuts the amount, and in whatever order the parts come, the payment is complete exactly once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import events
from core.events import Reaction
from core.money import from_minor
from payments.actions import receive_transfer
from payments.events import PartReceived
from payments.models import Payment, PaymentException, PaymentTransaction
from tests.examples import examples
from tests.factories.payments import order_ref
from tests.payments.credit_world import broken

pytestmark = pytest.mark.django_db


def awaited(minor: int) -> Payment:
    """A payment that comes in parts, as its start leaves it."""
    number = order_ref()
    return Payment.objects.create(
        order_ref=number,
        provider="bank",
        method="customer_balance",
        currency="EUR",
        amount_minor=minor,
        in_parts=True,
        idempotency_key=f"{number}-1",
        provider_ref=f"RF-{number}",
    )


@settings(
    max_examples=examples(40, at_night=400), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    parts=st.lists(st.integers(1, 5000), min_size=1, max_size=8),
    asked=st.integers(1, 20_000),
    repeats=st.lists(st.integers(0, 7), max_size=6),
)
def test_any_partition_in_any_order_is_exact(parts: list[int], asked: int, repeats: list[int]) -> None:
    events_before = dict(events._reactions)
    heard: list[PartReceived] = []
    events.bind({**events_before, PartReceived: Reaction(inside=(heard.append,))})
    try:
        payment = awaited(asked)
        arrivals = [*range(len(parts)), *(again % len(parts) for again in repeats)]
        for at in arrivals:
            receive_transfer(
                payment_ref=payment.ref, amount=from_minor(parts[at], "EUR"), name=f"line:{at}", source="poll"
            )
    finally:
        events.bind(events_before)
    payment.refresh_from_db()
    came = sum(parts)
    assert payment.captured_minor == min(came, asked)
    assert PaymentTransaction.objects.filter(payment=payment).count() == len(parts) + _straddles(parts, asked)
    surplus = PaymentException.objects.filter(payment=payment, kind="surplus").select_related("fact")
    assert sum(case.fact.amount_minor for case in surplus) == max(0, came - asked)
    assert len(heard) == sum(asked - sum(parts[: at + 1]) > 0 for at in range(len(parts)))
    assert not broken("L01", "L02", "L03", "P04", "P05")


def _straddles(parts: list[int], asked: int) -> int:
    """1 when one part is cut into what was due and what was too much."""
    before = 0
    for part in parts:
        if before < asked < before + part:
            return 1
        before += part
    return 0
