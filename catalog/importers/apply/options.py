"""Options and their values: found by code or name, made where the shop has none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modeltrans.conf import get_available_languages

from catalog.actions.vocabulary import put_option_type, put_option_value
from catalog.importers.apply.codes import code_of
from catalog.importers.apply.targets import Target
from catalog.importers.apply.vocabulary import Named
from catalog.importers.drafts import ImportedChoice, ImportedOption
from catalog.models import OptionType, OptionValue
from catalog.models.translations import Translated


@dataclass(frozen=True)
class Chosen:
    """An option of a product: its type, and its values by the name the rows use."""

    pk: int
    code: str
    values: Mapping[str, Named]


def option(target: Target, told: ImportedOption) -> Chosen:
    """The option with every value the file names."""
    kind = _option_type(target, told)
    more = {choice.name: choice for choice in told.choices}
    values = {
        name: _value(target, kind, more.get(name) or ImportedChoice(name=name), position, told)
        for position, name in enumerate(told.values)
    }
    return Chosen(kind.pk, kind.code, values)


def names_of(row: Translated, field: str = "name") -> Iterable[str]:
    """Every name a row goes by, ready to be compared."""
    words = {getattr(row, field), *(row.text(field, language) for language in get_available_languages())}
    return {word.casefold().strip() for word in words if word}


def _option_type(target: Target, told: ImportedOption) -> Named:
    known = target.memory("option types")

    def look() -> Named:
        row = _find_type(told)
        if row is None:
            row = put_option_type(
                code=told.code or code_of(told.name),
                names=dict(told.names) or {target.language: told.name[:80]},
                input=told.input or "button",
                position=told.position or 0,
            )
        return Named(row.pk, row.code)

    found: Named = known.get((told.code, told.name), look)
    if told.is_definition:
        said = (found.code, tuple(sorted(told.names.items())), told.input, told.position)
        target.memory("option words").get(said, lambda: _define_type(found, told))
    return found


def _find_type(told: ImportedOption) -> OptionType | None:
    if told.code:
        return OptionType.objects.filter(code=told.code).first()
    by_code = OptionType.objects.filter(code__in=(told.name, code_of(told.name))).order_by("pk").first()
    if by_code is not None:
        return by_code
    name = told.name.casefold().strip()
    return next((row for row in OptionType.objects.order_by("pk") if name in names_of(row)), None)


def _define_type(found: Named, told: ImportedOption) -> bool:
    row = OptionType.objects.get(pk=found.pk)
    put_option_type(
        code=row.code,
        names=dict(told.names),
        input=told.input or row.input,
        position=row.position if told.position is None else told.position,
    )
    return True


def _value(target: Target, kind: Named, told: ImportedChoice, position: int, option_told: ImportedOption) -> Named:
    known = target.memory("option values")

    def look() -> Named:
        row = _find_value(target, kind, told)
        return row or _make_value(target, kind, told, position)

    found: Named = known.get((kind.code, told.code, told.name), look)
    if option_told.is_definition and (told.names or told.hex):
        said = (kind.code, found.code, tuple(sorted(told.names.items())), told.hex, told.position)
        target.memory("option words").get(said, lambda: _define_value(kind, found, told))
    return found


def _find_value(target: Target, kind: Named, told: ImportedChoice) -> Named | None:
    by_name: dict[str, Named] = target.memory("value names").get(
        kind.code,
        lambda: {
            name: Named(row.pk, row.code)
            for row in OptionValue.objects.filter(option_type=kind.pk).order_by("-pk")
            for name in (f"={row.code}", *names_of(row))
        },
    )
    if told.code:
        return by_name.get(f"={told.code}")
    spellings = (f"={told.name}", f"={code_of(told.name)}", told.name.casefold().strip())
    return next((by_name[spelling] for spelling in spellings if spelling in by_name), None)


def _make_value(target: Target, kind: Named, told: ImportedChoice, position: int) -> Named:
    row = put_option_value(
        option_type=kind.code,
        code=told.code or code_of(told.name),
        names=dict(told.names) or {target.language: told.name[:80]},
        hex=told.hex,
        position=position if told.position is None else told.position,
    )
    return Named(row.pk, row.code)


def _define_value(kind: Named, found: Named, told: ImportedChoice) -> bool:
    row = OptionValue.objects.get(pk=found.pk)
    put_option_value(
        option_type=kind.code,
        code=row.code,
        names=dict(told.names),
        hex=told.hex or row.hex,
        position=row.position if told.position is None else told.position,
    )
    return True
