"""The Celery app. `config.apps` imports it, so every process that may enqueue knows it."""

from __future__ import annotations

from celery import Celery

app = Celery("portolan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
