"""One row of the variant matrix: its cells, its form, and how it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.actions.variants import PLAIN, update_variant
from catalog.drafts import VariantDraft
from catalog.models import Variant
from core.errors import DomainError
from core.money import Money

MOST_MM = 100_000
MOST_G = 100_000_000


def _length() -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=MOST_MM, required=False)


class RowForm(forms.Form):
    """What can be changed in a row. `stamp` says which state of the row the person looked at."""

    sku = forms.CharField(max_length=80)
    gtin = forms.RegexField(
        r"^([0-9]{8}|[0-9]{12,14})$",
        required=False,
        error_messages={"invalid": _("A GTIN has 8, 12, 13 or 14 digits.")},
    )
    status = forms.ChoiceField(choices=Variant.Status.choices)
    weight_g = forms.IntegerField(min_value=0, max_value=MOST_G)
    length_mm = _length()
    width_mm = _length()
    height_mm = _length()
    hs_code = forms.RegexField(
        r"^[0-9]{6,13}$", required=False, error_messages={"invalid": _("A goods code has 6 to 13 digits.")}
    )
    origin_country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        required=False,
        error_messages={"invalid": _("Write the country as two letters, for example JP.")},
    )
    stamp = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def clean_origin_country(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["origin_country"]).upper()


@dataclass(frozen=True)
class Column:
    """A column of the matrix that can be changed."""

    name: str
    label: str | Promise
    kind: str = "text"
    mode: str = "text"


COLUMNS = (
    Column("sku", _("SKU"), "wide"),
    Column("gtin", _("GTIN"), "code", "numeric"),
    Column("status", pgettext_lazy("where something stands", "State"), "select"),
    Column("weight_g", _("Weight, g"), "number", "numeric"),
    Column("length_mm", _("Length, mm"), "number", "numeric"),
    Column("width_mm", _("Width, mm"), "number", "numeric"),
    Column("height_mm", _("Height, mm"), "number", "numeric"),
    Column("hs_code", _("Goods code"), "code", "numeric"),
    Column("origin_country", _("Origin"), "short"),
)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """An input: what stands in it, what is wrong with it, and what the row holds now when that is something else."""

    column: Column
    value: str
    error: str = ""
    now: str = ""


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A variant in the matrix."""

    pk: int
    sku: str
    options: tuple[str, ...]
    cells: tuple[Cell, ...]
    stamp: str
    price: Money | None
    available: int
    is_fixed: bool
    refusals: tuple[str, ...] = ()


def stamp_of(moment: datetime) -> str:
    """A moment to the microsecond, as the form carries it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f%z")


def shown(variant: Variant, column: Column) -> str:
    """What a cell says."""
    value = getattr(variant, column.name)
    return "" if value is None else str(value)


def cells_of(variant: Variant, form: RowForm | None = None) -> tuple[Cell, ...]:
    """The cells as stored; or as typed, with what is wrong and what is stored."""
    return tuple(_cell(variant, column, form) for column in COLUMNS)


def _cell(variant: Variant, column: Column, form: RowForm | None) -> Cell:
    stored = shown(variant, column)
    if form is None:
        return Cell(column=column, value=stored)
    typed = str(form.data.get(column.name, ""))
    errors = form.errors.get(column.name) or ()
    return Cell(
        column=column, value=typed, error=" ".join(map(str, errors)), now="" if typed.strip() == stored else stored
    )


def draft_of(variant: Variant) -> VariantDraft:
    """The variant as it is, as a draft to change."""
    rows = variant.option_values.select_related("option_value", "option_type")
    facts: dict[str, Any] = {name: getattr(variant, name) for name in PLAIN}
    return VariantDraft(
        sku=variant.sku,
        values={row.option_type.code: row.option_value.code for row in rows},
        restricted_flags=tuple(variant.restricted_flags),
        **facts,
    )


def save_row(variant: Variant, answers: Mapping[str, str]) -> RowForm | None:
    """Save a row if it is still as it was shown. Nothing when that is done, else the form that says what is wrong."""
    form = RowForm(answers)
    if not form.is_valid():
        return form
    given = dict(form.cleaned_data)
    seen = cast(datetime, given.pop("stamp"))
    given |= {name: given[name] or None for name in ("hs_code", "origin_country")}
    try:
        update_variant(variant_id=variant.pk, draft=replace(draft_of(variant), **given), seen=seen)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return form
    return None
