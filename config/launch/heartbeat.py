"""Is beat alive? Its container is healthy while some timed task has been sent lately."""

from __future__ import annotations

import sys
from datetime import timedelta

import django

SILENCE = timedelta(minutes=5)


def beats() -> bool:
    """Has beat sent anything within the last minutes? It notes each task it sends, at most three minutes late."""
    from django.utils import timezone  # noqa: PLC0415 (after django.setup)
    from django_celery_beat.models import PeriodicTask  # noqa: PLC0415

    return bool(PeriodicTask.objects.filter(last_run_at__gte=timezone.now() - SILENCE).exists())


if __name__ == "__main__":
    django.setup()
    sys.exit(0 if beats() else 1)
