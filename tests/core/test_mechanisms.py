"""Transitions, locks, numbers, audit and idempotency."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError
from pytest_django import DjangoDbBlocker

from core import audit, idempotency
from core.audit import acting_as, record
from core.integrity import registered, run
from core.locks import LockOrderBroken
from core.models import AuditEntry, IdempotencyKey, Job, Sequence
from core.sequences import NumberOutsideTransaction, spread_number, take_number
from core.transitions import IllegalTransition
from tests.tampering import behind_the_databases_back


@pytest.mark.django_db
def test_a_status_moves_along_declared_transitions_only() -> None:
    job = Job.objects.create(kind="x", title="x")
    job.become(state="running")
    with pytest.raises(IllegalTransition) as refusal:
        job.become(state="running")
    assert (refusal.value.now, refusal.value.wanted) == ("running", "running")
    job.become(state="done")
    with pytest.raises(IllegalTransition):
        job.become(state="queued")
    job.refresh_from_db()
    assert job.state == "done"


def test_a_function_that_runs_twice_starts_with_no_locks(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():  # in transactions of its own, nothing is written
        _locks_anew_each_time()


@pytest.mark.django_db
def test_a_function_that_runs_twice_starts_with_no_locks_inside_a_test_too() -> None:
    _locks_anew_each_time()


def _locks_anew_each_time() -> None:
    wanted: list[type[IdempotencyKey | Sequence]] = [Sequence, IdempotencyKey]

    @transaction.atomic
    def lock_next() -> None:
        list(wanted.pop(0).objects.lock())

    lock_next()
    lock_next()
    assert wanted == []


@pytest.mark.django_db
def test_locking_against_the_global_order_is_refused() -> None:
    with transaction.atomic():
        list(Sequence.objects.lock())
        with pytest.raises(LockOrderBroken):
            list(IdempotencyKey.objects.lock())


@pytest.mark.django_db
def test_the_next_transaction_starts_with_no_locks_noted() -> None:
    with transaction.atomic():
        list(Sequence.objects.lock())
    with transaction.atomic():
        list(IdempotencyKey.objects.lock())


def taken_in_vain() -> None:
    with transaction.atomic():
        assert take_number("invoice") == 2
        raise ZeroDivisionError


@pytest.mark.django_db
def test_numbers_have_no_gaps_when_a_transaction_fails() -> None:
    with transaction.atomic():
        assert take_number("invoice") == 1
    with pytest.raises(ZeroDivisionError):
        taken_in_vain()
    with transaction.atomic():
        assert take_number("invoice") == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_only_given_inside_a_transaction() -> None:
    with pytest.raises(NumberOutsideTransaction):
        take_number("invoice")


@pytest.mark.django_db
def test_order_numbers_do_not_repeat_and_do_not_count() -> None:
    numbers = [int(spread_number("MER").split("-")[1]) for _ in range(500)]
    assert len(set(numbers)) == 500
    assert all(10_000_000 <= number < 100_000_000 for number in numbers)
    assert numbers != sorted(numbers)


@pytest.mark.django_db
def test_the_record_of_a_deed_names_who_did_it_and_is_chained() -> None:
    with acting_as(None, "night shift"):
        record("thing.do", "thing:1", data={"from": 1, "to": 2}, reason="asked")
    record("thing.undo", "thing:1")
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.actor_label, first.reason, first.data) == ("night shift", "asked", {"from": 1, "to": 2})
    assert second.previous_hash == first.hash
    assert list(audit.broken_entries()) == []


@pytest.mark.django_db
def test_a_record_cannot_be_changed_or_removed() -> None:
    record("thing.do", "thing:1")
    for change in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
            change(AuditEntry.objects.all())
    assert AuditEntry.objects.get().reason == ""


@pytest.mark.django_db
def test_an_altered_record_is_found() -> None:
    record("thing.do", "thing:1")
    record("thing.do", "thing:2")
    with behind_the_databases_back():
        AuditEntry.objects.filter(target="thing:1").update(reason="forged")
    assert [what for _, what in audit.broken_entries()] == ["was altered after it was written"]


@pytest.mark.django_db(transaction=True)
def test_the_same_request_is_answered_once() -> None:
    print_of = idempotency.fingerprint({"cart": 1})
    with idempotency.claim("checkout", "k1", print_of) as first:
        assert not first.is_replay
        first.finish({"order": "MER-1"})
    with idempotency.claim("checkout", "k1", print_of) as again:
        assert again.is_replay
        assert again.response == {"order": "MER-1"}


@pytest.mark.django_db(transaction=True)
def test_another_request_under_the_same_key_is_refused() -> None:
    with idempotency.claim("checkout", "k1", idempotency.fingerprint({"cart": 1})) as first:
        first.finish({"order": "MER-1"})
    with (
        pytest.raises(idempotency.IdempotencyConflict),
        idempotency.claim("checkout", "k1", idempotency.fingerprint({"cart": 2})),
    ):
        pytest.fail("the body must not run")


@pytest.mark.django_db(transaction=True)
def test_a_request_that_failed_may_come_back() -> None:
    print_of = idempotency.fingerprint({"cart": 1})
    with pytest.raises(ZeroDivisionError), idempotency.claim("checkout", "k1", print_of):
        raise ZeroDivisionError
    with idempotency.claim("checkout", "k1", print_of) as again:
        assert not again.is_replay


@pytest.mark.django_db(transaction=True)
def test_of_many_simultaneous_requests_one_does_the_work() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        try:
            with idempotency.claim("checkout", "k1", "f") as claim:
                if not claim.is_replay:
                    claim.finish({"order": "MER-1"})
                outcomes.append("replay" if claim.is_replay else "work")
        except idempotency.IdempotencyInProgress:
            outcomes.append("wait")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("work") == 1
    assert len(outcomes) == 8


@pytest.mark.django_db
def test_integrity_checks_of_all_apps_run_and_find_nothing_in_an_empty_shop() -> None:
    checks = registered()
    assert {"S02", "T01", "Q02"} <= {check.code for check in checks}
    assert {finding.check.code: finding.count for finding in run(checks) if finding.count} == {}


@pytest.mark.django_db
def test_a_planted_fault_in_the_audit_chain_is_found() -> None:
    record("thing.do", "thing:1")
    record("thing.do", "thing:2")
    with behind_the_databases_back():
        AuditEntry.objects.filter(target="thing:1").delete()
    found = {finding.check.code: finding.count for finding in run(registered())}
    assert found["T01"] == 1
