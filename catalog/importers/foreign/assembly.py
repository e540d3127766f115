"""What is the same for every product of every system: options from variants, handles used once, prices and sales."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from catalog.importers.drafts import (
    ImportedAttribute,
    ImportedCategory,
    ImportedChoice,
    ImportedDetail,
    ImportedOption,
    ImportedPicture,
    ImportedVariant,
)
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.formats import Row
from catalog.slugs import slug_of

FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def code_of(handle: str, row: Row, column: str) -> str:
    """The product's code from its handle. Raises `RowsRefused` when nothing readable is left of it."""
    code = slug_of(handle)
    if not code:
        raise RowsRefused(row.wrong(column, _("The handle has no letters or digits.")))
    return code


def options_of(
    variants: Iterable[ImportedVariant], colours: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[ImportedOption, ...]:
    """The options the variants use, with their values in the order of the file. `colours`: value to hex, per option."""
    found: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.values.items():
            found.setdefault(name, {})[value] = None
    hexes = colours or {}
    return tuple(
        ImportedOption(
            name=name,
            values=tuple(values),
            input="swatch" if hexes.get(name) else "",
            choices=tuple(
                ImportedChoice(name=value, hex=hexes[name][value]) for value in values if value in hexes.get(name, {})
            ),
        )
        for name, values in found.items()
    )


def refuse_unlike(variants: Sequence[ImportedVariant]) -> list[RowProblem]:
    """Variants that lack an option the others have, or repeat a combination."""
    names = list(dict.fromkeys(name for variant in variants for name in variant.values))
    problems: list[RowProblem] = []
    seen: dict[tuple[str, ...], int] = {}
    for variant in variants:
        missing = [name for name in names if not variant.values.get(name)]
        problems += [
            problem(variant.line, name, "", _("The option “%(name)s” has no value here.") % {"name": name})
            for name in missing
        ]
        key = tuple(variant.values.get(name, "") for name in names)
        if key in seen and not missing:
            line = seen[key]
            told = _("This combination of options stands on line %(line)d already.") % {"line": line}
            problems.append(problem(variant.line, "", " / ".join(key), told))
        seen.setdefault(key, variant.line)
    return problems


def category(path: str, separator: str, *, drop: Sequence[str] = ()) -> ImportedCategory | None:
    """A category path such as `Kitchen > Kettles`; steps in `drop` at its beginning (a shop's root) are left out."""
    steps = [step.strip() for step in path.split(separator) if step.strip()]
    while steps and steps[0] in drop:
        steps.pop(0)
    return ImportedCategory(steps=tuple(steps), create=True) if steps else None


def split_categories(
    paths: Iterable[ImportedCategory | None],
) -> tuple[ImportedCategory | None, tuple[ImportedCategory, ...] | None]:
    """The main category (the first of the deepest ones) and the further ones. None where nothing is said."""
    unique = list(dict.fromkeys(path for path in paths if path))
    if not unique:
        return None, None
    main = max(unique, key=lambda path: len(path.steps))
    return main, tuple(path for path in unique if path != main)


def pictures_of(line: int, urls: Iterable[str], alts: Mapping[str, str] | None = None) -> tuple[ImportedPicture, ...]:
    """Pictures by address, each once."""
    return tuple(
        ImportedPicture(line=line, url=url, alt=(alts or {}).get(url, "")[:200]) for url in dict.fromkeys(urls) if url
    )


def detail(name: str, values: Sequence[str], *, code: str = "") -> ImportedDetail:
    """A detail with choices; a lone yes or no is a flag."""
    if len(values) == 1 and values[0].lower() in FLAGS:
        return ImportedDetail(
            attribute=ImportedAttribute(name=name[:80], code=code, data_type="bool"), flag=FLAGS[values[0].lower()]
        )
    return ImportedDetail(
        attribute=ImportedAttribute(name=name[:80], code=code, data_type="enum", filterable=True),
        choices=tuple(ImportedChoice(name=value[:120]) for value in dict.fromkeys(values)),
    )


def is_address(text: str) -> bool:
    """Whether a picture can be fetched at all."""
    return text.startswith(("https://", "http://"))
