"""Clockwork of inventory."""

from celery import shared_task

from inventory import actions
from inventory.buying.actions.feeds import fetch_due_feeds, forget_old_runs
from inventory.buying.nightly import plan_everything


@shared_task(queue="default")
def expire_holds() -> int:
    """Give back holds whose time is over."""
    return actions.expire_holds()


@shared_task(queue="bulk")
def fetch_supplier_feeds() -> int:
    """Fetch the stock files of suppliers whose time has come."""
    return fetch_due_feeds()


@shared_task(queue="bulk", time_limit=3600, soft_time_limit=3500)
def plan_buying() -> int:
    """Bring demand, forecasts and proposals up to date, and forget what suppliers said long ago."""
    forget_old_runs()
    return plan_everything()
