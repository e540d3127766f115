"""Money goes back at most once and never more than came."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from djmoney.money import Money

from payments.actions import refund_payment, submit_due_refunds, submit_refund
from payments.errors import PaymentKeyReused, RefundTooLarge
from payments.models import LedgerTxn, Refund
from payments.models.payment import PaymentQuerySet
from tests.factories.payments import PaymentFactory, charge_of, fact, paid, settled

pytestmark = pytest.mark.django_db


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def test_a_refund_is_promised_then_sent_then_booked() -> None:
    payment = paid()
    refund = refund_payment(payment_ref=payment.ref, amount=eur("10.00"), key="r1", reason="broken", actor="Operator")
    payment.refresh_from_db()
    assert (refund.state, payment.refunding_minor, payment.refunded_minor) == ("requested", 1000, 0)
    assert submit_due_refunds() == 1
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.state, payment.refunding_minor, payment.refunded_minor) == (
        "succeeded",
        "partly_refunded",
        0,
        1000,
    )
    assert charge_of(payment).refunded_minor == 1000
    assert LedgerTxn.objects.filter(kind="refund").count() == 1


def test_the_same_key_promises_once_and_another_sum_under_it_is_refused() -> None:
    payment = paid()
    first = refund_payment(payment_ref=payment.ref, amount=eur("10.00"), key="r1", reason="")
    assert refund_payment(payment_ref=payment.ref, amount=eur("10.00"), key="r1", reason="").pk == first.pk
    with pytest.raises(PaymentKeyReused):
        refund_payment(payment_ref=payment.ref, amount=eur("10.01"), key="r1", reason="")
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("amount", [eur("49.91"), eur("0"), eur("-1"), Money("10.00", "USD")])
def test_impossible_sums_are_refused_and_promise_nothing(amount) -> None:
    payment = paid()
    with pytest.raises(RefundTooLarge):
        refund_payment(payment_ref=payment.ref, amount=amount, key="r1", reason="")
    payment.refresh_from_db()
    assert (Refund.objects.count(), payment.refunding_minor) == (0, 0)


def test_refunds_under_way_count_as_given() -> None:
    payment = paid()
    refund_payment(payment_ref=payment.ref, amount=eur("40.00"), key="r1", reason="")
    with pytest.raises(RefundTooLarge) as refusal:
        refund_payment(payment_ref=payment.ref, amount=eur("9.91"), key="r2", reason="")
    assert refusal.value.possible == eur("9.90")


def test_an_unpaid_payment_gives_nothing_back() -> None:
    payment = PaymentFactory()
    with pytest.raises(RefundTooLarge):
        refund_payment(payment_ref=payment.ref, amount=eur("0.01"), key="r1", reason="")


def test_sending_a_refund_again_gives_back_once() -> None:
    payment = paid()
    refund = refund_payment(payment_ref=payment.ref, amount=eur("10.00"), key="r1", reason="")
    for _ in range(3):
        Refund.objects.filter(pk=refund.pk).exclude(state="succeeded").update(next_attempt_at="2020-01-01T00:00Z")
        submit_refund(refund_id=refund.pk)
    assert charge_of(payment).refunded_minor == 1000


def test_a_promise_disappears_with_the_transaction_that_made_it() -> None:
    payment = paid()
    with transaction.atomic():
        refund_payment(payment_ref=payment.ref, amount=eur("10.00"), key="r1", reason="")
        transaction.set_rollback(True)
    payment.refresh_from_db()
    assert (Refund.objects.count(), payment.refunding_minor) == (0, 0)


def test_a_refund_made_elsewhere_takes_the_room_of_one_that_waits() -> None:
    payment = paid()
    refund_payment(payment_ref=payment.ref, amount=eur("49.90"), key="r1", reason="")
    payment = settled(payment, fact(payment, "refunded", eur("30.00"), fact_ref="elsewhere"))
    assert (payment.refunded_minor, payment.refunding_minor, payment.refundable_minor) == (3000, 1990, 0)


def race(payment_ref, amounts: list[str]) -> list[str]:
    """Everybody asks at the same moment, each on a connection of their own."""
    start, results = threading.Barrier(len(amounts)), []

    def ask(number: int, amount: str) -> None:
        try:
            start.wait(timeout=10)
            refund_payment(payment_ref=payment_ref, amount=eur(amount), key=f"race-{number}", reason="")
            results.append("promised")
        except RefundTooLarge:
            results.append("refused")
        except DatabaseError as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(n, amount)) for n, amount in enumerate(amounts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_operators_who_refund_at_the_same_moment_cannot_give_back_more_than_came() -> None:
    payment = paid()
    assert race(payment.ref, ["30.00"] * 6) == ["promised"] + ["refused"] * 5


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_without_the_databases_check_the_race_is_lost(monkeypatch) -> None:
    """The control: take both guards away and the same race must promise too much."""
    payment = paid()
    meet = threading.Barrier(6)

    def no_lock(self: PaymentQuerySet, **options: object) -> PaymentQuerySet:
        return self.order_by("pk")

    from payments.actions import refunding

    original = refunding.to_minor

    def together(amount: Money) -> int:
        meet.wait(timeout=10)
        return original(amount)

    monkeypatch.setattr(PaymentQuerySet, "lock", no_lock)
    monkeypatch.setattr(refunding, "to_minor", together)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_payment DROP CONSTRAINT payment_refunds_within")
    try:
        assert race(payment.ref, ["30.00"] * 6).count("promised") > 1
    finally:
        Refund.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE payments_payment SET refunding_minor = 0")
            cursor.execute(
                "ALTER TABLE payments_payment ADD CONSTRAINT payment_refunds_within CHECK"
                " (captured_minor >= refunded_minor + refunding_minor + disputed_minor)"
            )
