"""Clockwork of inventory."""

from celery import shared_task

from inventory import actions


@shared_task(queue="default")
def expire_holds() -> int:
    """Give back holds whose time is over."""
    return actions.expire_holds()
