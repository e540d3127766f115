"""The import's forms: the upload, and the decision."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.importers.formats import ImportFormat
from catalog.importers.inspecting import Column, Seen
from catalog.importers.mapping import own_words
from catalog.importers.reading.encodings import ENCODINGS
from catalog.importers.reading.opening import meanings_of
from catalog.importers.registry import import_formats
from markets.queries import active_markets

MOST_BYTES = 100 * 1024 * 1024
MOST_SHOWN = 250
"""Columns whose meaning can be chosen one by one; of files with more, the others are read by their titles."""
ENDINGS = ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.yaml,.yml,.gz,.zip"
SETTINGS = ("format", "market", "language", "encoding")
CLASS = {"class": "input"}


class FileSettings(forms.Form):
    """What the file does not say of itself."""

    format = forms.ChoiceField(label=_("Format"), required=False)
    market = forms.ChoiceField(
        label=_("Market"), help_text=_("The prices in the file are in the currency of this market.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("The language of the words in the file.")
    )
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = active_markets(language=get_language())
        self._offer("market", [(market.code, f"{market.name} ({market.currency})") for market in markets])
        self._offer("format", [("", _("Find out")), *((f.code, f.label) for f in import_formats().values())])
        for field in self.fields.values():
            if not field.widget.is_hidden and not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field


class ImportForm(FileSettings):
    """A file with a catalogue, and what is known of it."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "A table (CSV or XLSX), JSON, YAML, or a ZIP of several files. Nothing is changed before you say so."
        ),
        widget=forms.FileInput({"accept": ENDINGS}),
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)
    field_order = ("file", *SETTINGS)

    def clean_file(self) -> UploadedFile[Any]:
        """A file that is small enough to be read and not empty."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if not size:
            raise forms.ValidationError(_("This file is empty. Choose another one."))
        if size > MOST_BYTES:
            most = filesizeformat(MOST_BYTES)
            raise forms.ValidationError(_("This file is larger than %(most)s. Split it.") % {"most": most})
        return file


class DecisionForm(FileSettings):
    """How a file that was looked at is to be read, and what each of its columns means."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    remember_as = forms.CharField(
        label=_("Remember the columns as"),
        required=False,
        max_length=80,
        help_text=_("A name for where such files come from. The next file with the same columns is read the same way."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, seen: Seen, reading: ImportFormat, mapping: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._seen, self._reading = seen, reading
        self._offer("format", [(known.code, known.label) for known in seen.possible()])
        self.fields["format"].required = True
        self._offer("sheet", [(name, name) for name in seen.sheets])
        if len(seen.sheets) < 2:
            del self.fields["sheet"]
        if seen.encoding is None:
            del self.fields["encoding"]
        self.columns: tuple[Column, ...] = ()
        if seen.columns and reading.fields:
            self.columns = tuple(column for column in seen.columns if column.title)[:MOST_SHOWN]
        else:
            del self.fields["remember_as"]
        meanings = meanings_of(seen.titles, reading, mapping)
        for place, column in enumerate(self.columns):
            own = reading.meaning_of(column.title) or ""
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column.title,
                required=False,
                choices=_choices(reading, own),
                initial=meanings.get(column.title, ""),
                widget=forms.Select({"class": "input"}),
            )

    def clean(self) -> dict[str, Any]:
        """No field twice, and none missing that every product needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.columns or cleaned.get("format") != self._reading.code:
            return cleaned
        taken: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            code = cleaned.get(f"column-{place}", "")
            if code and code in taken:
                sentence = _("“%(column)s” was chosen for this field already.") % {"column": taken[code]}
                self.add_error(f"column-{place}", sentence)
            taken.setdefault(code, column.title)
        if not self.left_out:
            missing = [str(field.label) for field in self._reading.fields if field.required and field.code not in taken]
            for label in missing:
                self.add_error(None, _("Say which column is “%(field)s”.") % {"field": label})
        return cleaned

    def rows(self) -> Iterator[tuple[Column, forms.BoundField]]:
        """Each column with its field."""
        for place, column in enumerate(self.columns):
            yield column, self[f"column-{place}"]

    @property
    def left_out(self) -> int:
        """Columns that are not shown because there are too many."""
        return max(len(self._seen.columns) - MOST_SHOWN, 0) if self.columns else 0

    def mapping(self) -> dict[str, str]:
        """What was said of the columns beyond what their titles say."""
        said = {column.title: self.cleaned_data[f"column-{place}"] for place, column in enumerate(self.columns)}
        return own_words(said, self._seen.titles, self._reading)


def _choices(reading: ImportFormat, own: str) -> list[tuple[str, Any]]:
    """The format's fields, and what the title means by itself when that is none of them."""
    offered: list[tuple[str, Any]] = [("", _("Leave alone")), *((field.code, field.label) for field in reading.fields)]
    return offered if any(code == own for code, _label in offered) else [*offered, (own, own)]
