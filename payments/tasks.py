"""Wake-ups of the money queue. The rows are the truth: losing every task here loses nothing."""

from celery import shared_task

from payments import actions
from payments.providers.sandbox import delivery, world
from payments.reconciliation import daily
from payments.reconciliation.files import folder
from payments.statements.booking import book_waiting_lines


@shared_task(name="payments.tasks.process_webhook")
def process_webhook(event_pk: int) -> None:
    """Act on one message of a provider."""
    actions.process_webhook(event_pk=event_pk)


@shared_task(name="payments.tasks.process_inbox")
def process_inbox() -> int:
    """Act on messages whose wake-up was lost or whose provider was silent."""
    return actions.process_inbox()


@shared_task(name="payments.tasks.reconcile_undecided")
def reconcile_undecided() -> int:
    """Ask about payments whose end nobody told us."""
    return actions.reconcile_undecided()


@shared_task(name="payments.tasks.submit_refund")
def submit_refund(refund_id: int) -> None:
    """Ask for one refund."""
    actions.submit_refund(refund_id=refund_id)


@shared_task(name="payments.tasks.submit_due_refunds")
def submit_due_refunds() -> int:
    """Ask for refunds that wait."""
    return actions.submit_due_refunds()


@shared_task(name="payments.tasks.run_card_errand")
def run_card_errand(errand_id: int) -> None:
    """Keep or let go of one card at its provider."""
    actions.run_card_errand(errand_id=errand_id)


@shared_task(name="payments.tasks.run_card_errands")
def run_card_errands() -> int:
    """Do what waits to be done with kept cards."""
    return actions.run_card_errands()


@shared_task(name="payments.tasks.reconcile_books")
def reconcile_books() -> dict[str, int]:
    """Files that were laid down, then every provider's books."""
    files = folder.import_waiting_files()
    tally = daily.reconcile_books()
    return {"files": files, "fresh": tally.fresh, "matched": tally.matched, "missing": tally.missing}


@shared_task(name="payments.tasks.run_sandbox")
def run_sandbox() -> int:
    """Let the pretended world go on: results that are due, messages to the shop."""
    world.decide_due()
    return delivery.deliver_due()


@shared_task(name="payments.tasks.expire_credit")
def expire_credit() -> int:
    """Write off gift cards whose time has run out."""
    return actions.expire_credit()


@shared_task(name="payments.tasks.remind_transfers")
def remind_transfers() -> int:
    """Remind of transfers of which half the time has passed."""
    return actions.remind_transfers()


@shared_task(name="payments.tasks.book_bank_lines")
def book_bank_lines() -> int:
    """Book what an import of a bank statement has left when it was cut short."""
    return book_waiting_lines()
