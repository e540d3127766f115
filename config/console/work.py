"""The work queue: everything that waits for a person, most pressing first. One query per kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.console.types import WorkRow
from core.chores import Chore, chores

Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much of one kind waits, since when the oldest, and how many should have been done by now."""

    chore: Chore
    count: int
    oldest: datetime
    overdue: int

    @property
    def pressing(self) -> tuple[bool, bool, int, datetime]:
        """Overdue work first, then what is urgent, then in the order of the kinds; the oldest of equals first."""
        return not self.overdue, not self.chore.is_urgent, self.chore.place, self.oldest


def work_queue(person: Person) -> tuple[WorkRow, ...]:
    """What this person can do something about; kinds with nothing in them are left out."""
    return tuple(_row(one) for one in sorted(_waiting(person), key=lambda one: one.pressing))


def _waiting(person: Person) -> Iterator[Waiting]:
    now = timezone.now()
    for chore in chores():
        if not person.has_perm(chore.permission):  # type: ignore[union-attr]  # every account can be asked
            continue
        asked = {"count": Count("pk", distinct=True), "oldest": Min(chore.since)}
        if chore.due:
            asked["overdue"] = Count("pk", distinct=True, filter=Q(**{f"{chore.due}__lt": now}))
        found = chore.rows().order_by().aggregate(**asked)
        if found["count"]:
            yield Waiting(chore=chore, count=found["count"], oldest=found["oldest"], overdue=found.get("overdue", 0))


def _row(waiting: Waiting) -> WorkRow:
    chore = waiting.chore
    sentences = [_("The oldest waits %(time)s.") % {"time": timesince(waiting.oldest, depth=1)}]
    if waiting.overdue:
        late = ngettext("%(count)d is overdue.", "%(count)d are overdue.", waiting.overdue)
        sentences.insert(0, late % {"count": waiting.overdue})
    return WorkRow(
        key=chore.key,
        count=waiting.count,
        title=str(chore.title),
        sentence=str(chore.sentence),
        waiting=" ".join(sentences),
        is_urgent=chore.is_urgent or bool(waiting.overdue),
        overdue=waiting.overdue,
        url=f"{reverse(chore.url_name)}{'?' if chore.query else ''}{chore.query}",
        button=str(chore.button),
    )
