"""Another time for what is made inside: the demo shop has a fortnight behind it on its first day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest import mock

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Whoever asks what time it is, is told this moment. For seeding only: one process, one thread."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield
