"""The inputs of an address form as they are shown, wherever an address is asked: checkout, order, account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from markets.addresses import address_form
from markets.names import country_name
from markets.types import AddressField

PHONE = "phone"


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One input as it is shown: label, what was typed, and what is wrong with it. `width`: `w2`, `w3`, `w4`, `full`.

    Shaped for `components/form_field.html`.
    """

    name: str
    id: str
    label: str
    type: str
    value: str
    error: str
    hint: str
    autocomplete: str
    inputmode: str
    optional: bool
    width: str
    max_length: int
    choices: tuple[tuple[str, str], ...] = ()


def input_id(name: str) -> str:
    """The id of an input by its name."""
    return name.replace("_", "-")


def country_input(
    chosen: str, countries: Sequence[str], language: str, *, prefix: str = "", by_name: bool = False
) -> FieldView:
    """Which country: in the given order, or by name. `prefix` tells a billing address from the other."""
    named = [(code, country_name(code, language)) for code in countries]
    return FieldView(
        name=f"{prefix}country",
        id=input_id(f"{prefix}country"),
        label=_("Country or region"),
        type="select",
        value=chosen,
        error="",
        hint="",
        autocomplete=f"{_section(prefix)} country",
        inputmode="",
        optional=False,
        width="full",
        max_length=0,
        choices=tuple(sorted(named, key=lambda one: one[1]) if by_name else named),
    )


def address_inputs(
    country: str, typed: Mapping[str, str], problems: Mapping[str, str], *, language: str, prefix: str = ""
) -> tuple[FieldView, ...]:
    """The fields of a country in its order, with what was typed. A billing address asks no phone number.

    `typed` goes by the fields' names, `problems` by the inputs' (with the prefix).
    """
    wanted = [one for one in address_form(country, language).fields if not (prefix and one.name == PHONE)]
    return tuple(_input(one, typed.get(one.name, ""), problems, prefix) for one in wanted)


def _input(one: AddressField, value: str, problems: Mapping[str, str], prefix: str) -> FieldView:
    name = f"{prefix}{one.name}"
    token = one.autocomplete if one.autocomplete == "tel" else f"{_section(prefix)} {one.autocomplete}"
    return FieldView(
        name=name,
        id=input_id(name),
        label=one.label,
        type="tel" if one.inputmode == "tel" else "select" if one.choices else "text",
        value=value,
        error=problems.get(name, ""),
        hint=one.hint,
        autocomplete=token,
        inputmode=one.inputmode,
        optional=not one.required,
        width=one.width,
        max_length=one.max_length,
        choices=(("", ""), *one.choices) if one.choices else (),
    )


def _section(prefix: str) -> str:
    return "billing" if prefix else "shipping"
