"""What waits for a person: declared by the app that knows, shown together on the operators' home.

Each app registers its kinds of work in its `chores.py` (`core` itself in `core/waiting.py`). A kind is rows and a way
to them; counting and ordering are the home's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Chore:
    """One kind of work: which rows it is, since when each waits, and where it is done.

    `due` names the field that says until when, where there is one; `url_name` and `query` are the list that shows the
    very same rows. `place` orders the kinds that are equally pressing.
    """

    key: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    since: str
    title: str | Promise
    sentence: str | Promise
    button: str | Promise
    url_name: str
    query: str = ""
    due: str = ""
    is_urgent: bool = False
    place: int = 100


_chores: dict[str, Chore] = {}


def register(*found: Chore) -> None:
    """Add kinds of work. Declared twice under one key, the later one holds: modules may be read again."""
    _chores.update({chore.key: chore for chore in found})


def chores() -> tuple[Chore, ...]:
    """Every kind of work of every app, by place and key."""
    for app in settings.OUR_APPS:
        module = f"{app}.waiting" if app == __package__ else f"{app}.chores"
        if find_spec(module):
            import_module(module)
    return tuple(sorted(_chores.values(), key=lambda chore: (chore.place, chore.key)))
