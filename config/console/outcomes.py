"""What an import did or would do, in views: what changed field by field, what is new, what was refused and why."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.importers.registry import import_formats
from core.models import Job, JobError

COUNTS = ("created", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class OutcomeView:
    """One of the tables below an import."""

    key: str
    label: str | Promise

    def rows(self, job: Job) -> QuerySet[Any]:
        """What it shows, in the order of the file."""
        if self.key == "remarks":
            return job.errors.filter(level=JobError.Level.NOTE)
        if self.key == "refused":
            return job.errors.filter(level=JobError.Level.REFUSED)
        return job.items.filter(outcome=self.key)


VIEWS = (
    OutcomeView("changed", pgettext_lazy("products of an import", "Changed")),
    OutcomeView("created", pgettext_lazy("products of an import", "Created")),
    OutcomeView("refused", pgettext_lazy("products of an import", "Refused")),
    OutcomeView("remarks", gettext_lazy("Remarks")),
)


@dataclass(frozen=True)
class ViewLink:
    """A view with how many rows it has."""

    view: OutcomeView
    count: int
    is_current: bool


def chosen_view(job: Job, asked: str) -> OutcomeView:
    """The view that was asked for, or the first that has anything: what was refused matters most."""
    known = {view.key: view for view in VIEWS}
    if asked in known:
        return known[asked]
    for key in ("refused", "changed", "created", "remarks"):
        if known[key].rows(job).exists():
            return known[key]
    return known["changed"]


def views_of(job: Job, current: OutcomeView) -> list[ViewLink]:
    """Links to every view."""
    return [ViewLink(view, view.rows(job).count(), view == current) for view in VIEWS]


def field_name(code: str) -> str:
    """A field's name for people; the code where nobody has named it."""
    own = import_formats().get("portolan")
    label = next((field.label for field in own.fields if field.code == code), None) if own else None
    return str(label or code)


def in_words(change: list[str]) -> dict[str, str]:
    """One change of an item by names: where, field, old and new."""
    where, code, old, new = change
    return {"where": where, "field": field_name(code), "old": old or _("nothing"), "new": new or _("nothing")}
