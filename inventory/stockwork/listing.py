"""What the screens of stock work share: saved views, states as tags, numbers out of forms, tables as files."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.selling import spoken
from core.spreadsheets import guarded

MOST_PIECES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A saved view: a name, how many are in it, and its address."""

    key: str
    label: str
    count: int
    url: str
    current: bool
    is_more: bool = False


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A state in words, with how good the news is: ok, warn, bad or plain."""

    label: str
    tone: str


def tabs_of(
    views: Mapping[str, Callable[[], QuerySet[Any]]], labels: Mapping[str, str], *, current: str, name: str = "view"
) -> tuple[Tab, ...]:
    """The views with their numbers. One query each."""
    return tuple(
        Tab(key=key, label=labels[key], count=rows().count(), url=f"?{name}={key}", current=key == current)
        for key, rows in views.items()
    )


def called(variant: Variant) -> str:
    """Name and options of a variant whose product was read with it, in the reader's language: what is on the label."""
    return " · ".join(filter(None, spoken(variant, get_language() or "en")))


def may(request: HttpRequest, permission: str) -> bool:
    """Whether this person has a permission of inventory."""
    return request.user.has_perm(f"inventory.{permission}")


def must_have(request: HttpRequest, permission: str) -> None:
    """Raises `PermissionDenied` for whoever lacks it."""
    if not may(request, permission):
        raise PermissionDenied


def pieces_of(posted: Mapping[str, Any], prefix: str) -> dict[int, int]:
    """The numbers of fields called `<prefix><id>`; empty ones are left out. Raises `ValueError` with a sentence."""
    found = {}
    for name, typed in posted.items():
        key, text = name.removeprefix(prefix), str(typed).strip().replace("\u00a0", "").replace(" ", "")
        if not name.startswith(prefix) or not key.isdecimal() or not text:
            continue
        if not text.isdecimal() or int(text) > MOST_PIECES:
            raise ValueError(_("Write a whole number from 0 to %(most)d.") % {"most": MOST_PIECES})
        found[int(key)] = int(text)
    return found


def csv_answer(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table as a download that every spreadsheet reads and none runs."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    table = csv.writer(response)
    table.writerow([guarded(title) for title in titles])
    table.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return response
