"""What orders do by the clock. Every task is idempotent; the rows are the truth."""

from celery import shared_task

from orders.actions import close_payments_of_dead_orders, expire_unpaid_orders


@shared_task(queue="money")
def expire_unpaid() -> int:
    """Expire orders whose time to pay has run out."""
    return expire_unpaid_orders()


@shared_task(queue="money")
def close_payments() -> int:
    """Close what could still take money for canceled orders."""
    return close_payments_of_dead_orders()
