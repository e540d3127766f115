"""Forms of the list of orders: saved views, work on many, exports, who takes care of a hold."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.exporting.columns import COLUMNS, FIRST
from orders.exporting.tables import FORMATS
from orders.models import BulkDeed, ExportChoice, HoldKind, OrderTag
from orders.workspace.forms import KeyedForm

MOST_PEOPLE = 200
People = Sequence[tuple[str, str]]
"""Keys of accounts with the names they are shown by."""


def team() -> People:
    """Who can take care of something."""
    people = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("pk")[:MOST_PEOPLE]
    return [(str(person.pk), person.get_full_name() or str(person)) for person in people]


def tags_in_use() -> list[tuple[str, str]]:
    """The tags that can be put on orders."""
    return [(str(tag.pk), tag.name) for tag in OrderTag.objects.filter(in_use=True)]


class SaveViewForm(KeyedForm):
    """A name for the filters of the list."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(label=_("Everybody who sees orders sees it"), required=False)

    def __init__(self, data: Any = None, *, may_share: bool, initial: Any = None) -> None:
        super().__init__(data, auto_id="view-%s", initial=initial)
        if not may_share:
            del self.fields["is_shared"]


class BulkForm(forms.Form):
    """What is to be done to the chosen orders."""

    deed = forms.ChoiceField(label=pgettext_lazy("with many orders", "What to do"), choices=BulkDeed.choices)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    new_tag = forms.CharField(label=_("New tag"), required=False, max_length=40)
    carrier = forms.CharField(
        label=_("Carrier"), required=False, max_length=80, help_text=_("Empty: the one each parcel is planned with.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.fields["tag"].choices = [("", _("Choose")), *tags_in_use()]  # type: ignore[attr-defined]  # a choice field
        for field in self.fields.values():
            field.widget.attrs["class"] = "input a-small"

    def clean(self) -> dict[str, Any]:
        """A tag is put on or taken off by its word."""
        said = super().clean() or {}
        if said.get("deed") == BulkDeed.UNTAG and not said.get("tag"):
            self.add_error("tag", _("Choose the tag."))
        if said.get("deed") == BulkDeed.TAG and not (said.get("tag") or said.get("new_tag", "").strip()):
            self.add_error("tag", _("Choose a tag, or write a new one."))
        return said


class ExportForm(forms.Form):
    """Which columns, in which format."""

    format = forms.ChoiceField(label=_("Format"), choices=[(one, one.upper()) for one in FORMATS])
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        choices=[(column.code, column.title) for column in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )

    def __init__(self, data: Any = None, *, last: ExportChoice | None = None) -> None:
        chosen: Sequence[str] = last.columns if last else FIRST
        super().__init__(data, initial={"format": last.format if last else FORMATS[0], "columns": chosen})
        self.fields["format"].widget.attrs["class"] = "input a-small"


class PlanHoldForm(KeyedForm):
    """Who takes care of a hold, and until which day."""

    owner = forms.ChoiceField(label=_("Who takes care"), required=False)
    due_on = forms.DateField(
        label=_("Decide until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, data: Any = None, *, hold_id: int, people: People, owner: str = "", due_at: datetime | None = None
    ) -> None:
        day = timezone.localdate(due_at) if due_at else None
        super().__init__(data, auto_id=f"plan-{hold_id}-%s", initial={"owner": owner, "due_on": day})
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]  # a choice field

    @property
    def owner_id(self) -> int | None:
        """Of a valid form."""
        return int(self.cleaned_data["owner"]) if self.cleaned_data["owner"] else None

    @property
    def due_at(self) -> datetime | None:
        """Of a valid form: the end of the day where the operator is."""
        day = self.cleaned_data["due_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).astimezone(UTC) if day else None


class StopForm(KeyedForm):
    """Why nothing may leave, of which kind that is, who decides and until when."""

    reason = forms.CharField(label=_("Why is it put on hold?"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=HoldKind.choices, initial=HoldKind.MANUAL, required=False)
    mine = forms.BooleanField(label=_("I take care of it"), required=False)


class TagForm(KeyedForm):
    """A tag for one order, a new one, or one that is taken off (`off`, its key)."""

    tag = forms.ChoiceField(label=_("Tag"), required=False)
    new_tag = forms.CharField(label=_("New tag"), required=False, max_length=40)
    off = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="tag-%s")
        self.fields["tag"].choices = [("", _("Choose")), *tags_in_use()]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        said = super().clean() or {}
        if not (said.get("off") or said.get("tag") or said.get("new_tag", "").strip()):
            self.add_error("tag", _("Choose a tag, or write a new one."))
        return said
