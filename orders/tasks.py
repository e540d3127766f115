"""What orders do by the clock. Every task is idempotent; the rows are the truth."""

from celery import shared_task

from orders import step_notifications
from orders.actions import close_payments_of_dead_orders, expire_unpaid_orders, watching
from orders.actions.changing import expire_changes as give_up_changes
from orders.actions.document_files import render_due_documents
from orders.actions.documents import issue_due_documents
from orders.actions.exchanging import chase_sent_first
from orders.exporting.jobs import drop_old_exports
from orders.proving import nightly


@shared_task(queue="money")
def expire_unpaid() -> int:
    """Expire orders whose time to pay has run out."""
    return expire_unpaid_orders()


@shared_task(queue="default")
def issue_documents() -> int:
    """Issue invoices and credit notes that should be there and are not."""
    return issue_due_documents()


@shared_task(queue="default")
def render_documents() -> int:
    """Make the files of documents that wait for one."""
    return render_due_documents()


@shared_task(queue="money")
def close_payments() -> int:
    """Close what could still take money for canceled orders."""
    return close_payments_of_dead_orders()


@shared_task(queue="money")
def expire_changes() -> int:
    """Give up changes whose difference was not paid in time."""
    return give_up_changes()


@shared_task(queue="default")
def chase_exchanges() -> int:
    """Ask about goods that were exchanged in advance and did not come back."""
    return chase_sent_first()


@shared_task(queue="money")
def prove_money() -> int:
    """Prove the money of every order; returns how many do not agree."""
    run, _outcome = nightly.prove_money()
    return run.failed


@shared_task(queue="bulk")
def drop_exports() -> int:
    """Delete the files of old exports of orders."""
    return drop_old_exports()


@shared_task(queue="default")
def tell_waiting_refunds() -> int:
    """Tell customers of refunds that are promised and take long."""
    return step_notifications.tell_waiting_refunds()


@shared_task(queue="default")
def watch_parcels() -> int:
    """Open work for parcels nobody hears of, and for those that should be there."""
    return watching.watch_parcels()
