"""The forms of an import of orders: the upload, and what the columns mean."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.importers.inspecting import Column, Seen
from catalog.importers.mapping import own_words
from catalog.importers.reading.opening import meanings_of
from markets.queries import active_markets
from orders.past.formats import FORMATS, OrderFormat

MOST_BYTES = 100 * 1024 * 1024
MOST_SHOWN = 250


class _Settings(forms.Form):
    """What the file does not say of itself."""

    format = forms.ChoiceField(label=_("Format"), required=False)
    market = forms.ChoiceField(
        label=_("Market"),
        help_text=_("Amounts without a currency are in that of this market, and times without a zone in its zone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = active_markets(language=get_language())
        self.fields["market"].choices = [(one.code, f"{one.name} ({one.currency})") for one in markets]  # type: ignore[attr-defined]  # a choice field
        self.fields["format"].choices = [("", _("Find out")), *((one.code, one.label) for one in FORMATS.values())]  # type: ignore[attr-defined]  # the same
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["class"] = "input"


class UploadForm(_Settings):
    """A file with orders."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "A table, CSV or XLSX, with a row for each line of an order. Nothing is changed before you say so."
        ),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.gz"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)
    field_order = ("file", "format", "market")

    def clean_file(self) -> UploadedFile[Any]:
        """A file that is small enough to be read and not empty."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_("This file is empty. Choose another one."))
        if file.size > MOST_BYTES:
            most = filesizeformat(MOST_BYTES)
            raise forms.ValidationError(_("This file is larger than %(most)s. Split it.") % {"most": most})
        return file


class ColumnsForm(_Settings):
    """How a file that was looked at is to be read, and what each of its columns means."""

    remember_as = forms.CharField(
        label=_("Remember the columns as"),
        required=False,
        max_length=80,
        help_text=_("A name for where such files come from. The next file with the same columns is read the same way."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, seen: Seen, reading: OrderFormat, mapping: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen, self._reading = seen, reading
        self.fields["format"].choices = [(one.code, one.label) for one in FORMATS.values()]  # type: ignore[attr-defined]  # a choice field
        self.fields["format"].required = True
        self.columns: tuple[Column, ...] = tuple(one for one in seen.columns if one.title)[:MOST_SHOWN]
        meanings = meanings_of(seen.titles, reading, mapping)
        choices = [("", _("Leave alone")), *((field.code, field.label) for field in reading.fields)]
        for place, column in enumerate(self.columns):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column.title,
                required=False,
                choices=choices,
                initial=meanings.get(column.title, ""),
                widget=forms.Select({"class": "input"}),
            )

    def clean(self) -> dict[str, Any]:
        """No field twice, and none missing that every order needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("format") != self._reading.code:
            return cleaned
        taken: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            code = cleaned.get(f"column-{place}", "")
            if code and code in taken:
                sentence = _("“%(column)s” was chosen for this field already.") % {"column": taken[code]}
                self.add_error(f"column-{place}", sentence)
            taken.setdefault(code, column.title)
        for field in self._reading.fields:
            if field.required and field.code not in taken:
                self.add_error(None, _("Say which column is “%(field)s”.") % {"field": field.label})
        return cleaned

    def rows(self) -> Iterator[tuple[Column, forms.BoundField]]:
        """Each column with its field."""
        for place, column in enumerate(self.columns):
            yield column, self[f"column-{place}"]

    def mapping(self) -> dict[str, str]:
        """What was said of the columns beyond what their titles say."""
        said = {column.title: self.cleaned_data[f"column-{place}"] for place, column in enumerate(self.columns)}
        return own_words(said, self._seen.titles, self._reading)
