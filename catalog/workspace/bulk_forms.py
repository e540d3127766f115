"""What is asked about a change of many rows: the field first, then the operation and its values."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltrans.conf import get_default_language

from catalog.bulk.fields import GROUPS, BulkField
from catalog.bulk.operations import Op
from catalog.models import AttributeOption
from catalog.workspace.matrix_forms import InputForm

MOST_CHOICES = 300
YES_NO = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
NUMBERS = {"number", "decimal"}


class FieldForm(InputForm):
    """Which field."""

    field = forms.ChoiceField(label=gettext_lazy("Field to change"), required=False)
    detail = forms.CharField(label=gettext_lazy("Or a detail, by its code or name"), required=False, max_length=120)

    def __init__(self, fields: list[BulkField], *, asks_for_detail: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["field"].choices = grouped(fields)  # type: ignore[attr-defined]  # a choice field
        if not asks_for_detail:
            del self.fields["detail"]


def grouped(fields: list[BulkField]) -> list[Any]:
    """Plain fields first, then those that are many of a kind under a heading."""
    choices: list[Any] = [("", _("Choose")), *((field.key, field.label) for field in fields if "." not in field.key)]
    for start, heading in GROUPS.items():
        inside = [(field.key, field.label) for field in fields if field.key.startswith(f"{start}.")]
        if inside:
            choices.append((heading, inside))
    return choices


class OperationForm(InputForm):
    """The operation and what it needs. Which inputs there are follows from the field."""

    operation = forms.ChoiceField(label=gettext_lazy("Operation"))

    def __init__(self, field: BulkField, data: Any = None, **kwargs: Any) -> None:
        self.field = field
        super().__init__(data, **kwargs)
        self.fields["operation"].choices = [(op.value, op.label) for op in field.operations]  # type: ignore[attr-defined]
        if field.has_language:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=settings.LANGUAGES, initial=get_default_language()
            )
        if field.key == "name":
            self.fields["moves_addresses"] = forms.BooleanField(
                label=_("Make new addresses from the new names"),
                required=False,
                help_text=_("The old addresses lead to the new ones. Search engines take weeks to follow."),
            )
        if field.operations != (Op.REPLACE,) and field.operations != (Op.CLEAR,):
            self.fields["value"] = _value_field(field)
        if Op.REPLACE in field.operations:
            self.fields["find"] = forms.CharField(label=_("Find"), required=False, strip=False, max_length=2000)
            self.fields["replace"] = forms.CharField(
                label=_("Replace with"), required=False, strip=False, max_length=2000
            )
            self.fields["any_case"] = forms.BooleanField(label=_("Capitals do not matter"), required=False)
        for one in self.fields.values():
            if not isinstance(one.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                one.widget.attrs.setdefault("class", "input")

    def clean(self) -> dict[str, Any] | None:
        """What the operation needs must be there and make sense."""
        given = super().clean() or {}
        op, value = given.get("operation"), given.get("value")
        if op == Op.REPLACE and not given.get("find"):
            self.add_error("find", _("Say what is to be found."))
        elif op in {Op.SET, Op.ADD, Op.REMOVE, Op.PLUS, Op.TIMES} and not self.errors.get("value"):
            self._check_value(str(op), value)
        return given

    def _check_value(self, op: str, value: Any) -> None:
        if value is None or value == "" or (hasattr(value, "__len__") and not len(value)):
            self.add_error("value", _("This operation needs a value."))
        elif self.field.kind in NUMBERS and op == Op.SET and value < 0:
            self.add_error("value", _("A value cannot be below zero."))
        elif self.field.kind == "number" and op in {Op.SET, Op.PLUS} and value != value.to_integral_value():
            self.add_error("value", _("Write a whole number."))
        elif op == Op.TIMES and value < 0:
            self.add_error("value", _("Multiply by a number that is not below zero."))

    def arguments(self) -> Mapping[str, Any]:
        """What the operation is told, as JSON can hold it."""
        given = self.cleaned_data
        found: dict[str, Any] = {}
        if self.field.has_language:
            found["language"] = given["language"]
        if given.get("moves_addresses"):
            found["moves_addresses"] = True
        if given["operation"] == Op.REPLACE:
            return {**found, "find": given["find"], "replace": given["replace"], "any_case": given["any_case"]}
        if given["operation"] != Op.CLEAR:
            found["value"] = self._plain(given["operation"], given["value"])
        return found

    def _plain(self, op: str, value: Any) -> Any:
        kind = self.field.kind
        if kind == "flag":
            return value == "yes"
        if kind == "list":
            return value
        if kind == "links":
            return sorted(row.pk for row in value)
        if kind == "link":
            return value.pk
        if kind in NUMBERS and op == Op.SET:
            digits = self.field.column("").digits
            return str(value.quantize(Decimal(1).scaleb(-digits))) if _fits(value, digits) else str(value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        return value.isoformat() if isinstance(value, date) else str(value)


def _fits(value: Decimal, digits: int) -> bool:
    """Whether no digit is lost; a value with more is refused row by row, with the reason."""
    return value == value.quantize(Decimal(1).scaleb(-digits))


class WordsField(forms.CharField):
    """Words between commas, as a list."""

    def clean(self, value: Any) -> list[str]:
        """Each once, in their order."""
        text = super().clean(value)
        return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _value_field(field: BulkField) -> forms.Field:
    if field.kind in {"link", "links"}:
        return _link_field(field, _("Value"))
    if field.kind in {"flag", "choice"}:
        choices = YES_NO if field.kind == "flag" else field.choices
        return forms.ChoiceField(label=_("Value"), required=False, choices=choices)
    kind, options = INPUTS[field.kind]
    return kind(label=_("Value"), required=False, **options)


INPUTS: Mapping[str, tuple[type[forms.Field], dict[str, Any]]] = {
    "text": (forms.CharField, {"widget": forms.Textarea({"rows": 4})}),
    "line": (forms.CharField, {"max_length": 200}),
    "number": (forms.DecimalField, {"max_digits": 16, "decimal_places": 6}),
    "decimal": (forms.DecimalField, {"max_digits": 16, "decimal_places": 6}),
    "list": (WordsField, {"help_text": gettext_lazy("Several are separated by commas.")}),
    "day": (forms.DateField, {"widget": forms.DateInput({"type": "date"})}),
    "moment": (
        forms.DateTimeField,
        {"widget": forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")},
    ),
}
"""How a value of each kind is entered."""


def _link_field(field: BulkField, label: str) -> forms.Field:
    """A choice among the rows it can point to; by their codes when they are many."""
    if field.attribute:
        rows: Any = AttributeOption.objects.filter(attribute=field.attribute)
        return forms.ModelMultipleChoiceField(rows, label=label, required=False, widget=forms.CheckboxSelectMultiple)
    assert field.links is not None  # noqa: S101 (links say what they point to)
    rows = field.links._default_manager.all()
    if field.kind == "links":
        return forms.ModelMultipleChoiceField(rows, label=label, required=False)
    many = len(rows.values_list("pk")[: MOST_CHOICES + 1]) > MOST_CHOICES
    if many:
        return forms.ModelChoiceField(
            rows, label=label, required=False, to_field_name="code", widget=forms.TextInput, help_text=_("Its code.")
        )
    return forms.ModelChoiceField(rows, label=label, required=False)
