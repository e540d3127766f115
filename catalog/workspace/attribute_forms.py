"""Forms of definitions of details, of their choices, and of merging two."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import validate_unicode_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltrans.conf import get_default_language

from catalog.actions.attributes import AttributeWish, OptionWish
from catalog.models import AttributeDef, AttributeOption, ProductType
from catalog.translating.registry import words_of
from catalog.units import unit_choices
from catalog.workspace.matrix_forms import InputForm

FACTS = ("data_type", "section", "unit", "filterable", "comparable", "searchable", "position")
NEW_ROWS = 3


class AttributeForm(InputForm):
    """A definition: its name in every language, and what it holds."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        validators=[validate_unicode_slug],
        help_text=gettext_lazy("Short, without spaces. It stays: imports know the detail by it."),
    )
    data_type = forms.ChoiceField(label=gettext_lazy("Kind of value"), choices=AttributeDef.DataType.choices)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        required=False,
        help_text=gettext_lazy("Of numbers. Markets that measure in inches and ounces are shown those."),
    )
    section = forms.ChoiceField(
        label=gettext_lazy("Block of the product page"), choices=AttributeDef.Section.choices, required=False
    )
    position = forms.IntegerField(label=gettext_lazy("Place"), min_value=0, max_value=100_000, required=False)
    filterable = forms.BooleanField(label=gettext_lazy("Shoppers can filter by it"), required=False)
    comparable = forms.BooleanField(label=gettext_lazy("It is compared"), required=False, initial=True)
    searchable = forms.BooleanField(label=gettext_lazy("The search reads it"), required=False)
    product_types = forms.ModelMultipleChoiceField(
        ProductType.objects.all(),
        label=gettext_lazy("Product types that have it (none chosen: all)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, attribute: AttributeDef | None, data: Any = None) -> None:
        initial: dict[str, Any] = {}
        if attribute is not None:
            initial = {name: getattr(attribute, name) for name in FACTS}
            initial["product_types"] = list(attribute.product_types.values_list("pk", flat=True))
        super().__init__(data, initial=initial)
        now = attribute.unit if attribute else ""
        choices: list[Any] = [("", _("No unit")), *unit_choices()]
        if now and not any(now == code for _name, units in unit_choices() for code, _label in units):
            choices.insert(1, (now, now))
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if attribute is not None:
            del self.fields["code"]
        for code, name in settings.LANGUAGES:
            self.fields[f"name-{code}"] = forms.CharField(
                label=name,
                max_length=80,
                required=code == get_default_language(),
                initial=words_of(attribute, "name", code) if attribute else "",
                widget=forms.TextInput({"class": "input", "lang": code}),
            )

    def wish(self) -> AttributeWish:
        """What the form says."""
        given = self.cleaned_data
        return AttributeWish(
            names={code: given[f"name-{code}"] for code, _name in settings.LANGUAGES},
            data_type=given["data_type"],
            section=given["section"] or AttributeDef.Section.DETAILS,
            unit=given["unit"],
            filterable=given["filterable"],
            comparable=given["comparable"],
            searchable=given["searchable"],
            position=given["position"] or 0,
            product_types=[row.pk for row in given["product_types"]],
        )

    def name_fields(self) -> list[forms.BoundField]:
        """The names."""
        return [self[f"name-{code}"] for code, _name in settings.LANGUAGES]


class OptionsForm(forms.Form):
    """The choices of a page of them, a row each, and some empty rows for new ones."""

    def __init__(self, options: Sequence[AttributeOption], data: Any = None) -> None:
        super().__init__(data)
        self.options = list(options)
        for key, row in self._rows():
            told = row.code if row else _("new choice")
            if row is None:
                self._add(f"{key}-code", "", _("Code of a new choice"), 60)
            for code, name in settings.LANGUAGES:
                words = words_of(row, "name", code) if row else ""
                self._add(f"{key}-{code}", words, f"{told}: {name}", 120, lang=code)
            self._add(f"{key}-position", str(row.position) if row else "", f"{told}: {_('Place')}", 6)

    def clean(self) -> dict[str, Any] | None:
        """A name in the shop's own language, a place that is a number, a code that can be one."""
        cleaned = super().clean() or {}
        default = get_default_language()
        for key, row in self._rows():
            code = cleaned.get(f"{key}-code", "")
            if row is None and not code:
                continue
            if not cleaned.get(f"{key}-{default}"):
                self.add_error(f"{key}-{default}", _("A choice needs a name."))
            if not (cleaned.get(f"{key}-position") or "0").isdigit():
                self.add_error(f"{key}-position", _("Enter a number."))
            if row is None:
                try:
                    validate_unicode_slug(code)
                except forms.ValidationError as trouble:
                    self.add_error(f"{key}-code", trouble)
        return cleaned

    def wishes(self) -> list[OptionWish]:
        """What the rows say; empty new rows say nothing."""
        given = self.cleaned_data
        return [
            OptionWish(
                id=row.pk if row else None,
                code=row.code if row else given[f"{key}-code"],
                names={code: given[f"{key}-{code}"] for code, _name in settings.LANGUAGES},
                position=int(given[f"{key}-position"] or 0),
            )
            for key, row in self._rows()
            if row is not None or given[f"{key}-code"]
        ]

    def table(self) -> list[tuple[AttributeOption | None, list[forms.BoundField]]]:
        """Each row with its fields, in the order of the columns."""
        return [
            (row, [*([self[f"{key}-code"]] if row is None else []), self[f"{key}-position"],
                   *(self[f"{key}-{code}"] for code, _name in settings.LANGUAGES)])
            for key, row in self._rows()
        ]  # fmt: skip

    def _rows(self) -> list[tuple[str, AttributeOption | None]]:
        return [
            *((f"o-{row.pk}", row) for row in self.options),
            *((f"n-{number}", None) for number in range(NEW_ROWS)),
        ]

    def _add(self, name: str, initial: str, label: str, most: int, **attrs: str) -> None:
        looks = "cell-code" if most > 6 else "cell-short"
        widget = forms.TextInput({"class": f"input {looks}", "aria-label": label, **attrs})
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=most, initial=initial, widget=widget
        )


class MergeForm(InputForm):
    """Which choice goes, and which takes its place."""

    source = forms.ModelChoiceField(AttributeOption.objects.none(), label=gettext_lazy("This choice goes"))
    target = forms.ModelChoiceField(AttributeOption.objects.none(), label=gettext_lazy("Its products get"))

    def __init__(self, attribute: AttributeDef, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.queryset = AttributeOption.objects.filter(attribute=attribute)  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: f"{row.name} ({row.code})"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        """Two different ones."""
        cleaned = super().clean() or {}
        if cleaned.get("source") and cleaned.get("source") == cleaned.get("target"):
            self.add_error("target", _("Choose two different choices of the same detail."))
        return cleaned
