"""The queue. Rows in PostgreSQL are the truth; tasks are wake-ups that may be lost, repeated or late."""

from __future__ import annotations

from typing import Any

from kombu import Queue

from config import env
from config.launch.places import ROOT, served_addresses
from config.schedule import SCHEDULE

QUEUE_NUMBER = env.number("REDIS_FIRST_NUMBER", default=0) + 1
CELERY_BROKER_URL = env.broker_address("REDIS_URL", number=QUEUE_NUMBER, default=served_addresses(ROOT).redis)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False

# A task belongs to its worker until it is done; a worker that dies gives it back after the visibility timeout, which is
# longer than the longest task and than any countdown (kept under a minute; longer waits live in tables).
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 9 * 60
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 15 * 60,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Publishing a wake-up must never hold up a shopper: one quick try, the sweeper finds the row anyway.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

QUEUES = ("money", "mail", "default", "bulk")
CELERY_TASK_QUEUES = tuple(Queue(name) for name in QUEUES)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES: dict[str, dict[str, str]] = {
    "payments.*": {"queue": "money"},
    "core.tasks.send_messages": {"queue": "mail"},
    "core.tasks.run_job": {"queue": "bulk"},
    "catalog.tasks.fetch_pictures": {"queue": "bulk"},
    "analytics.*": {"queue": "bulk"},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE
DJANGO_CELERY_BEAT_TZ_AWARE = True
