"""Definitions of details and their choices: found by code or name, made where the shop has none."""

from dataclasses import dataclass

from modeltrans.conf import get_default_language

from catalog.actions.vocabulary import put_attribute, put_attribute_option
from catalog.drafts import AttributePlace
from catalog.importers.apply.codes import code_of
from catalog.importers.apply.options import names_of
from catalog.importers.apply.targets import Target
from catalog.importers.drafts import ImportedAttribute, ImportedChoice
from catalog.models import AttributeDef, AttributeOption

Option = tuple[int, str, str]
"""(id, code, name)"""


@dataclass(frozen=True)
class Known:
    """An attribute of the shop."""

    row: AttributeDef

    @property
    def pk(self) -> int:
        """Its id."""
        return self.row.pk

    @property
    def code(self) -> str:
        """Its code."""
        return self.row.code

    @property
    def name(self) -> str:
        """Its name in the shop's own language."""
        return self.row.name

    @property
    def data_type(self) -> str:
        """enum, number, bool, text or date."""
        return self.row.data_type

    @property
    def unit(self) -> str:
        """The unit its numbers are in."""
        return self.row.unit


def attribute(target: Target, told: ImportedAttribute) -> Known:
    """The attribute a file means."""
    known: Known = target.memory("attributes").get((told.code, told.name), lambda: Known(_look(target, told)))
    if told.is_definition:
        said = (told, tuple(sorted(told.names.items())))
        target.memory("attribute words").get(said, lambda: _define(known, told))
    return known


def choice(target: Target, known: Known, told: ImportedChoice | str, owner: ImportedAttribute) -> Option:
    """A choice of an enum attribute, made where there is none with this code or name."""
    wanted = told if isinstance(told, ImportedChoice) else ImportedChoice(name=told)
    have: dict[str, Option] = target.memory("choices").get(known.code, lambda: _choices(known))
    code = wanted.code or code_of(wanted.name)
    spellings = [f"={code}"] if wanted.code else [f"={wanted.name}", f"={code}", wanted.name.casefold().strip()]
    found = next((have[spelling] for spelling in spellings if spelling in have), None)
    if found is None:
        row = put_attribute_option(
            attribute=known.code,
            code=code,
            names=dict(wanted.names) or {target.language: wanted.name[:120]},
            position=len(have) if wanted.position is None else wanted.position,
        )
        found = (row.pk, row.code, row.name)
        target.memory("choices").touch(known.code)
        have[f"={code}"] = have[wanted.name.casefold().strip()] = found
    elif owner.is_definition and wanted.names:
        said = (known.code, found[1], tuple(sorted(wanted.names.items())), wanted.position)
        target.memory("attribute words").get(said, lambda: _define_choice(known, found[1], wanted))
    return found


def _look(target: Target, told: ImportedAttribute) -> AttributeDef:
    code = told.code or code_of(told.name)
    codes = (code,) if told.code else (told.name, code)
    row = AttributeDef.objects.filter(code__in=codes).order_by("pk").first()
    if row is None and not told.code:
        row = _by_name(target, told.name)
    return row or put_attribute(
        code=code,
        names=dict(told.names) or {target.language: told.name[:80]},
        data_type=told.data_type,
        unit=told.unit[:12],
        filterable=bool(told.filterable),
        place=_place(told, "details"),
    )


def _place(told: ImportedAttribute, section: str) -> AttributePlace:
    return AttributePlace(
        section=told.section or section,
        position=told.position,
        searchable=told.searchable,
        comparable=told.comparable,
    )


def _by_name(target: Target, name: str) -> AttributeDef | None:
    names: dict[str, int] = target.memory("attribute names").get(
        "all", lambda: {name: row.pk for row in AttributeDef.objects.order_by("-pk") for name in names_of(row)}
    )
    pk = names.get(name.casefold().strip())
    return AttributeDef.objects.filter(pk=pk).first() if pk else None


def _choices(known: Known) -> dict[str, Option]:
    rows = AttributeOption.objects.filter(attribute=known.pk).order_by("-pk")
    return {name: (row.pk, row.code, row.name) for row in rows for name in (f"={row.code}", *names_of(row))}


def _define(known: Known, told: ImportedAttribute) -> bool:
    row = AttributeDef.objects.get(pk=known.pk)
    put_attribute(
        code=row.code,
        names=dict(told.names) or {get_default_language(): row.name},
        data_type=row.data_type,
        unit=told.unit or row.unit,
        filterable=row.filterable if told.filterable is None else told.filterable,
        place=_place(told, row.section),
    )
    return True


def _define_choice(known: Known, code: str, told: ImportedChoice) -> bool:
    row = AttributeOption.objects.get(attribute=known.pk, code=code)
    put_attribute_option(
        attribute=known.code,
        code=code,
        names=dict(told.names),
        position=row.position if told.position is None else told.position,
    )
    return True
