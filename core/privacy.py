"""What the shop holds about people: declared, exported and erased by the app that holds it.

Each app with personal fields registers a `Holding` in its `privacy.py`. A field that names or reaches a person and is
in no holding fails the architecture tests. The pages and commands are in `members`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.conf import settings
from django.db import models, transaction

from core.locks import LOCK_ORDER

Fate = Literal["deleted", "blanked", "pseudonymised", "kept"]
ERASED_DOMAIN = "invalid"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person: proven addresses in lower case, their account if they have one, and the orders found for them."""

    emails: frozenset[str]
    user_id: int | None = None
    orders: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Personal:
    """Personal fields of one model: what for, what an erasure does to them, and why they stay when they do."""

    model: str
    fields: tuple[str, ...]
    purpose: str
    fate: Fate
    reason: str = ""


def _nothing(_subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {}


def _no_rows(_subject: Subject) -> Mapping[str, int]:
    return {}


def _no_reasons(_subject: Subject) -> Sequence[str]:
    return ()


def _no_orders(_subject: Subject) -> Iterable[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one app holds. `export` gives rows by model, `erase` counts what it changed.

    `waits` names, in sentences for the person, why an erasure cannot happen yet; `orders` finds their order numbers.
    """

    app: str
    personal: tuple[Personal, ...]
    export: Callable[[Subject], Mapping[str, Sequence[Mapping[str, Any]]]] = field(default=_nothing)
    erase: Callable[[Subject], Mapping[str, int]] = field(default=_no_rows)
    waits: Callable[[Subject], Sequence[str]] = field(default=_no_reasons)
    orders: Callable[[Subject], Iterable[str]] = field(default=_no_orders)


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Declare what an app holds; once per app."""
    if _holdings.get(holding.app, holding) != holding:
        raise RuntimeError(f"{holding.app} registers its personal data twice")
    _holdings[holding.app] = holding


def holdings() -> tuple[Holding, ...]:
    """All of them, in the order of the installed apps."""
    for app in settings.OUR_APPS:
        module = f"{app}.held" if app == __package__ else f"{app}.privacy"
        if find_spec(module):
            import_module(module)
    return tuple(sorted(_holdings.values(), key=lambda one: settings.OUR_APPS.index(one.app)))


def with_orders(subject: Subject) -> Subject:
    """The same person with the numbers of their orders."""
    return replace(subject, orders=frozenset(number for one in holdings() for number in one.orders(subject)))


def export_person(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """Everything held about a person, by model, as plain values."""
    known = with_orders(subject)
    return {name: [dict(row) for row in rows] for one in holdings() for name, rows in one.export(known).items() if rows}


def reasons_to_wait(subject: Subject) -> tuple[str, ...]:
    """Why the person cannot be erased yet, in sentences; empty when they can."""
    known = with_orders(subject)
    return tuple(reason for one in holdings() for reason in one.waits(known))


def erase_person(subject: Subject) -> dict[str, int]:
    """Delete or pseudonymise in every app, all or nothing; returns how many rows by model. Twice is no trouble.

    Apps come in the order in which everybody locks their rows.
    """
    known = with_orders(subject)
    counts: dict[str, int] = {}
    locked = [label.partition(".")[0] for label in LOCK_ORDER]
    with transaction.atomic():
        for one in sorted(holdings(), key=lambda held: locked.index(held.app) if held.app in locked else len(locked)):
            counts |= {name: count for name, count in one.erase(known).items() if count}
    return counts


def rows_of(queryset: "models.QuerySet[Any]", *fields: str) -> list[dict[str, Any]]:
    """Rows as plain values for an export, oldest first."""
    return list(queryset.order_by("pk").values(*fields))


def erased_email(key: object) -> str:
    """The address that stands where an erased one stood. Nobody receives mail there (RFC 2606)."""
    return f"erased+{key}@{ERASED_DOMAIN}"
