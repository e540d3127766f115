"""The Celery app. `config.apps` imports it, so every process that may enqueue knows it."""

from __future__ import annotations

from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config import env

env.announce({"DJANGO_SETTINGS_MODULE": "config.settings.prod"})
app = Celery("portolan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_log(**_: Any) -> None:
    """Listening is enough to keep Celery from setting up a log of its own."""
