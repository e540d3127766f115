"""Clockwork of markets."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core.audit import acting_as
from core.http import OutsideTrouble
from markets.fx.fetching import fetch_rates
from markets.tax_ids.actions import retry_unavailable


@shared_task(
    queue="default",
    autoretry_for=(OutsideTrouble,),
    retry_backoff=60,
    retry_backoff_max=900,
    retry_jitter=True,
    max_retries=4,
)
def fetch_exchange_rates() -> int:
    """Fetch the newest exchange rates when there must be some; how many were new. Yesterday's stay on failure."""
    with acting_as(None, "exchange rates"):
        done = fetch_rates(now=timezone.now(), daily=settings.ECB_RATES_URL, history=settings.ECB_HISTORY_URL)
    return done.created if done else 0


@shared_task(queue="default")
def ask_about_tax_numbers() -> int:
    """Ask registers again that did not answer; how many numbers are decided now."""
    with acting_as(None, "tax numbers"):
        return retry_unavailable()
