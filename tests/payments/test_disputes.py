"""Disputes: one row per dispute of a provider, in whatever order it is told; people answer, the provider decides."""

from datetime import UTC, datetime

import pytest
from djmoney.money import Money

from core import audit
from core.models import AuditEntry
from payments.actions.disputes import Piece, answer_dispute, assign_dispute, give_dispute_up, keep_evidence
from payments.errors import DisputeClosed, ReasonNeeded
from payments.events import DisputeOpened
from payments.models import Dispute, DisputeEvidence, Payment
from payments.providers.stripe.parsing import facts_of_disputes
from tests.factories.payments import fact, paid, settled

pytestmark = pytest.mark.django_db

EUR = Money("49.90", "EUR")
DUE = "2026-12-01T12:00:00+00:00"


def disputed(payment: Payment, name: str = "dp_1", **changes: object):
    return fact(payment, "disputed", fact_ref=name, code="fraudulent", detail={"dispute_due": DUE}, **changes)


def ended(payment: Payment, kind: str, name: str = "dp_1", **changes: object):
    return fact(payment, kind, fact_ref=name, **changes)


def test_a_dispute_is_known_with_its_reason_its_amount_and_its_date(announced) -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment), disputed(payment))
    dispute = Dispute.objects.get()
    assert (dispute.order_ref, dispute.reason, dispute.amount) == (payment.order_ref, "fraudulent", EUR)
    assert (dispute.state, dispute.due_at) == ("open", datetime(2026, 12, 1, 12, tzinfo=UTC))
    opened = [event for event in announced if isinstance(event, DisputeOpened)]
    assert [(event.dispute_id, event.due_at) for event in opened] == [(dispute.pk, dispute.due_at)]


@pytest.mark.parametrize("due", ["", "soon", "2026-12-01T12:00:00"])
def test_a_date_that_cannot_be_read_is_left_out(due: str) -> None:
    payment = paid(EUR)
    settled(payment, fact(payment, "disputed", fact_ref="dp_1", detail={"dispute_due": due}))
    assert Dispute.objects.get().due_at is None


def test_what_is_said_of_a_dispute_does_not_count_as_the_payments_risk() -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    payment.refresh_from_db()
    assert "dispute_due" not in payment.risk


@pytest.mark.parametrize(
    ("kind", "back", "state", "held_by_bank"),
    [
        ("dispute_reversed", EUR, "won", 0),
        ("dispute_reversed", Money("20.00", "EUR"), "partly", 2990),
        ("dispute_lost", EUR, "lost", 4990),
    ],
)
@pytest.mark.parametrize("answered", [False, True])
def test_the_end_is_the_providers(kind, back, state, held_by_bank, answered) -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    if answered:
        answer_dispute(dispute_id=Dispute.objects.get().pk, note="Handed in")
    settled(payment, ended(payment, kind, amount=back), ended(payment, kind, amount=back))
    dispute = Dispute.objects.get()
    payment.refresh_from_db()
    assert (dispute.state, payment.disputed_minor) == (state, held_by_bank)
    assert dispute.decided_minor == 4990 - held_by_bank
    assert dispute.ended_at is not None


def test_losing_moves_no_money_a_second_time(balances) -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    before = balances()
    settled(payment, ended(payment, "dispute_lost"))
    assert balances() == before


def test_an_end_told_before_the_beginning_is_not_lost() -> None:
    payment = paid(EUR)
    settled(payment, ended(payment, "dispute_lost"))
    assert not Dispute.objects.exists()
    settled(payment, disputed(payment))
    assert Dispute.objects.get().state == "lost"


def test_two_disputes_of_one_payment_are_two() -> None:
    payment = paid(EUR)
    half = Money("10.00", "EUR")
    settled(payment, disputed(payment, "dp_1", amount=half), ended(payment, "dispute_reversed", "dp_1", amount=half))
    settled(payment, disputed(payment, "dp_2", amount=half))
    assert dict(Dispute.objects.values_list("fact_ref", "state")) == {"dp_1": "won", "dp_2": "open"}


def test_people_assign_choose_note_and_answer() -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    pk = Dispute.objects.get().pk
    with audit.acting_as(None, "a test"):
        assign_dispute(dispute_id=pk, user_id=None)
        keep_evidence(dispute_id=pk, pieces={"delivery": Piece(is_chosen=True, note=" Signed for. ")})
        keep_evidence(dispute_id=pk, pieces={"delivery": Piece(is_chosen=False, note="")})
        answer_dispute(dispute_id=pk, note="Uploaded at the provider")
    assert list(DisputeEvidence.objects.values_list("kind", "is_chosen", "note")) == [("delivery", False, "")]
    assert Dispute.objects.get().state == "answered"
    deeds = AuditEntry.objects.filter(action__startswith="payments.").values_list("action", flat=True)
    assert {"payments.assign_dispute", "payments.keep_evidence", "payments.answer_dispute"} <= set(deeds)


def test_giving_up_needs_a_reason_and_moves_nothing(balances) -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    pk, before = Dispute.objects.get().pk, balances()
    with pytest.raises(ReasonNeeded):
        give_dispute_up(dispute_id=pk, reason=" ")
    assert Dispute.objects.get().state == "open"
    give_dispute_up(dispute_id=pk, reason="The parcel is lost")
    assert (Dispute.objects.get().state, balances()) == ("given_up", before)


def test_nothing_is_answered_twice_or_after_the_end() -> None:
    payment = paid(EUR)
    settled(payment, disputed(payment))
    pk = Dispute.objects.get().pk
    answer_dispute(dispute_id=pk, note="Handed in")
    with pytest.raises(DisputeClosed):
        answer_dispute(dispute_id=pk, note="Again")
    settled(payment, ended(payment, "dispute_lost"))
    for act in (
        lambda: assign_dispute(dispute_id=pk, user_id=None),
        lambda: keep_evidence(dispute_id=pk, pieces={}),
        lambda: give_dispute_up(dispute_id=pk, reason="Late"),
    ):
        with pytest.raises(DisputeClosed):
            act()
    assert Dispute.objects.get().note == "Handed in"


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("needs_response", ["disputed"]),
        ("won", ["disputed", "dispute_reversed"]),
        ("lost", ["disputed", "dispute_lost"]),
        ("warning_needs_response", []),
    ],
)
def test_stripe_says_how_a_dispute_ended_and_until_when_it_takes_evidence(status: str, kinds: list[str]) -> None:
    dispute = {
        "id": "dp_1",
        "amount": 4990,
        "currency": "eur",
        "created": 1795000000,
        "reason": "fraudulent",
        "status": status,
        "evidence_details": {"due_by": 1796000000},
    }
    facts = facts_of_disputes([dispute], provider_ref="cs_1")
    assert [one.kind for one in facts] == kinds
    assert all(one.detail["dispute_due"].endswith("+00:00") for one in facts[:1])
