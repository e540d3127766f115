"""Clockwork of inventory."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from inventory import actions
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
