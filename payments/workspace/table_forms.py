"""What every form has that brings in a table whose columns may be named differently: file, dates, amounts, columns."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.reconciliation.files.cells import DATE_SHAPES

SHAPE_LABELS = {
    "%Y-%m-%d": "2026-12-31",
    "%d.%m.%Y": "31.12.2026",
    "%d/%m/%Y": "31/12/2026",
    "%m/%d/%Y": "12/31/2026",
}


class TableFileForm(forms.Form):
    """A file and how to read it. `labels` are the columns by name; files of more than `most_bytes` are refused."""

    labels: ClassVar[Mapping[str, Any]] = {}
    most_bytes: ClassVar[int] = 0

    file = forms.FileField(label=gettext_lazy("File"))
    shape = forms.ChoiceField(
        label=gettext_lazy("How dates are written"), choices=[(one, SHAPE_LABELS[one]) for one in DATE_SHAPES]
    )
    mark = forms.ChoiceField(
        label=gettext_lazy("How amounts are written"), choices=[(".", "1,234.56"), (",", "1.234,56")]
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)

    def __init__(self, *args: Any, usual: dict[str, Any], **kwargs: Any) -> None:
        """`usual` is what the columns are called, and how dates (`shape`) and amounts (`mark`) are written."""
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=80, initial=usual[name])
        for name in ("shape", "mark"):
            self.fields[name].initial = usual[name]
        for name, field in self.fields.items():
            if name != "key":
                field.widget.attrs["class"] = "input"

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The names of the columns."""
        return [self[name] for name in self.labels]

    def clean_file(self) -> Any:
        """A file of a size that is read at once."""
        file = self.cleaned_data["file"]
        if file.size > self.most_bytes:
            raise forms.ValidationError(_("This file is too large."))
        return file

    def needed(self) -> frozenset[str]:
        """The columns that must be named."""
        return frozenset()

    def clean(self) -> dict[str, Any]:
        """Columns without which the table says nothing are named."""
        found = super().clean() or {}
        for name in self.labels:
            if name in self.needed() and not found.get(name):
                self.add_error(name, _("Name this column."))
        return found

    def told(self) -> dict[str, Any]:
        """How the table is read: its columns, dates and amounts."""
        return {name: self.cleaned_data[name] for name in (*self.labels, "shape", "mark")}
