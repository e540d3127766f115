"""Clockwork of inventory."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from inventory import actions
from inventory.actions.asking import ask_due
from inventory.actions.carrier_inbox import forget_old_messages, process_inbox, process_message
from inventory.actions.following import announce_due
from inventory.actions.pushing import push_due
from inventory.buying.actions.feeds import fetch_due_feeds, forget_old_runs
from inventory.buying.nightly import plan_everything
from inventory.notifications import tell_alerts as write_alerts
from inventory.stockwork import ages, batch_deeds, routing


@shared_task(queue="default")
def expire_holds() -> int:
    """Give back holds whose time is over."""
    return actions.expire_holds()


@shared_task(queue="default")
def tell_alerts() -> int:
    """Write to operators about stock, by their routes."""
    return write_alerts()


@shared_task(queue="default")
def block_expired() -> int:
    """Batches that are past their date are no longer sold."""
    return batch_deeds.block_expired()


KEEP_TOLD = timedelta(days=90)


@shared_task(queue="default")
def review_ages() -> int:
    """Open and close alerts of what does not sell and what expires; returns how many were opened."""
    routing.forget_closed(before=timezone.now() - KEEP_TOLD)
    return sum(opened for opened, _closed in ages.review_ages().values())


@shared_task(name="inventory.tasks.process_carrier_message", queue="default")
def process_carrier_message(message_pk: int) -> None:
    """Act on one message of a carrier."""
    process_message(message_pk=message_pk)


@shared_task(name="inventory.tasks.process_carrier_inbox", queue="default")
def process_carrier_inbox() -> int:
    """Act on messages whose wake-up was lost, or that were postponed."""
    return process_inbox()


@shared_task(name="inventory.tasks.ask_carriers", queue="default")
def ask_carriers() -> int:
    """Announce numbers to trackers, and ask carriers that say nothing by themselves."""
    return announce_due() + ask_due()


@shared_task(name="inventory.tasks.push_parcels", queue="default")
def push_parcels() -> int:
    """Send parcels over to other warehouses, and call back those that are not wanted any more."""
    return push_due()


@shared_task(name="inventory.tasks.forget_carrier_messages", queue="bulk")
def forget_carrier_messages() -> int:
    """Delete messages of carriers that were worked on long ago."""
    return forget_old_messages()


@shared_task(queue="bulk")
def fetch_supplier_feeds() -> int:
    """Fetch the stock files of suppliers whose time has come."""
    return fetch_due_feeds()


@shared_task(queue="bulk", time_limit=3600, soft_time_limit=3500)
def plan_buying() -> int:
    """Bring demand, forecasts and proposals up to date, and forget what suppliers said long ago."""
    forget_old_runs()
    return plan_everything()
