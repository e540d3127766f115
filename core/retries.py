"""Trying again when the database had to choose between two transactions that wanted the same rows."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")
CONTENTION = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available in time."""
TRIES = 3


class Busy(DomainError):
    """Too many wanted the same rows at once; nothing was changed."""

    code = "BUSY"
    message = _("Many people are ordering right now. Nothing was ordered or charged. Try again in a moment.")


def again_when_contended(action: Callable[P, R]) -> Callable[P, R]:
    """Run a whole database-only action again when it lost against others, at most three times; then raise `Busy`.

    Only for outermost actions: inside a transaction there is nothing to begin anew, so the error passes through.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(TRIES):
            try:
                return action(*args, **kwargs)
            except OperationalError as error:
                if not is_contention(error) or connection.in_atomic_block:
                    raise
                time.sleep(random.uniform(0.02, 0.1) * (attempt + 1))  # noqa: S311 (spreads tries, guards nothing)
        raise Busy

    return run


def is_contention(error: OperationalError) -> bool:
    """Whether the database gave up because others held the rows: trying again may help."""
    return getattr(error.__cause__, "pgcode", None) in CONTENTION
