"""The desk's forms."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product
from catalog.translating.registry import target_languages, translatable, translatables
from catalog.translating.standing import LABELS
from core.languages import babel_locale
from markets.queries import active_markets

Choices = list[tuple[str, str]]


def language_choices() -> Choices:
    """The languages one translates into, by their names in the reader's language."""
    names = babel_locale(get_language() or "en").languages
    return [
        (code, capfirst(str(names.get(str(babel_locale(code))) or names.get(code.partition("-")[0], code))))
        for code in target_languages()
    ]


class FilterForm(forms.Form):
    """Everything one can filter by. What cannot be understood is left out, never an error page."""

    q = forms.CharField(label=pgettext_lazy("field", "Name"), required=False, max_length=100)
    language = forms.ChoiceField(label=_("Language"), required=False)
    standing = forms.ChoiceField(label=pgettext_lazy("where something stands", "State"), required=False)
    model = forms.ChoiceField(label=_("Kind of text"), required=False)
    field = forms.ChoiceField(label=_("Text"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    status = forms.ChoiceField(label=_("Products that are"), required=False)
    market = forms.ChoiceField(label=_("Seen in market"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", pgettext("filter", "All"))]
        markets = [(market.code, market.name) for market in active_markets(language=get_language())]
        shelves = [(row.code, row.name) for row in Category.objects.only("code", "name", "i18n").order_by("name")]
        for name, choices in (
            ("language", language_choices()),
            ("standing", [(str(key), str(label)) for key, label in LABELS.items()]),
            ("model", [(entry.key, entry.title) for entry in translatables()]),
            ("field", self._fields(str((args[0] if args else {}).get("model") or ""))),
            ("category", shelves),
            ("status", list(Product.Status.choices)),
            ("market", markets),
        ):
            self.fields[name].choices = [*every, *choices]  # type: ignore[attr-defined]  # these are choice fields
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @staticmethod
    def _fields(model: str) -> Choices:
        """The texts of the model that is chosen, or all there are."""
        chosen = translatable(model)
        found: dict[str, str] = {}
        for entry in [chosen] if chosen else translatables():
            for each in entry.fields:
                found.setdefault(each.name, capfirst(str(each.title)))
        return sorted(found.items(), key=lambda each: each[1])


def _languages() -> Choices:
    return language_choices()


class ExportForm(forms.Form):
    """Which languages leave, and how."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=lazy(_languages, list), widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[("xliff", _("XLIFF 2.0, for translation programs")), ("csv", _("CSV, for a spreadsheet"))],
        widget=forms.Select({"class": "input"}),
    )


class ImportForm(forms.Form):
    """A file that came back."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLIFF 2, several of them in a ZIP, or CSV. Nothing is changed before you say so."),
        widget=forms.FileInput({"accept": ".xlf,.xliff,.zip,.csv,text/csv,application/xliff+xml", "class": "input"}),
    )
    dry_run = forms.BooleanField(
        label=_("Try it out first: say what would happen and change nothing"), required=False, initial=True
    )


class GlossaryFileForm(forms.Form):
    """Terms in a table."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the columns term, language, translation, keep, capitals, note."),
        widget=forms.FileInput({"accept": ".csv,text/csv", "class": "input"}),
    )
