"""The nightly proof: run, stored, and what fails handed to a person."""

from datetime import datetime

from django.utils import timezone

from orders.proving.reading import Compared, Outcome, compare_all
from payments.models import ProofRun
from payments.reconciliation.proofs import Failure, record_proof


def prove_money(*, since: datetime | None = None) -> tuple[ProofRun, Outcome]:
    """Prove every order placed since then, all of them otherwise. What agrees again is closed by itself.

    Safe to repeat. Writes nothing but the run and the work items.
    """
    started = timezone.now()
    outcome = compare_all(since=since)
    run = record_proof(
        started=started,
        since=since,
        orders=outcome.orders,
        found=outcome.found,
        failures=[_failure(one) for one in outcome.failures],
        is_complete=outcome.is_complete and since is None,
    )
    return run, outcome


def _failure(one: Compared) -> Failure:
    return Failure(order_ref=one.number, check=one.check.code, currency=one.currency, left=one.left, right=one.right)
