"""Words in all languages without any tool of the system: collected, checked and compiled by Babel.

One catalogue per language, at `locale/<language>/LC_MESSAGES/django.po`, sorted, without line numbers: a change of code
that changes no words changes no catalogue.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.launch.places import ROOT

LANGUAGES = ("de", "fr", "es", "pt_BR", "ja", "zh_Hans", "ar")
SKIPPED_FOLDERS = {
    ".venv",
    "var",
    "static",
    "tests",
    "requirements",
    "docs",
    "docker",
    "migrations",
    "node_modules",
    ".git",
}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*[\d.]*[diouxXeEfFgGcrs]|\{\w*\}")
# A catalogue says when its words changed by its history in git, not by a date that changes with every run.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def messages(arguments: Sequence[str]) -> int:
    """`make messages`: bring every catalogue up to the code's words; translations there are stay."""
    collected = collect(ROOT)
    for language in LANGUAGES:
        path = catalogue_path(ROOT, language)
        catalogue = brought_up(read_catalogue(path, language), collected, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(spelled(catalogue))
        open_words = sum(1 for _ in untranslated(catalogue))
        print(f"{language}: {len(catalogue)} messages, {open_words} of them without a translation")
    return 0


def catalogue_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2"
    " : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);",
}
"""Where Babel's own rule differs from the one of Unicode and of Django's own catalogues."""


def collect(root: Path) -> Catalog:
    """Every message of Python code and templates, with the files it is used in."""
    collected = Catalog(creation_date=NO_DATE)
    for path in source_files(root):
        place = path.relative_to(root).as_posix()
        for _, found, comments, context in _extracted(path):
            collected.add(
                found,
                locations=[(place, 1)],
                auto_comments=[line for line in comments if line],
                context=context,
                flags={"python-format"} if PLACEHOLDER.search(_first(found)) and "%" in _first(found) else (),
            )
    return collected


def source_files(root: Path) -> list[Path]:
    """Never looks into the skipped folders: what running servers keep there comes and goes."""
    folders = [folder for folder in root.iterdir() if folder.is_dir() and folder.name not in SKIPPED_FOLDERS]
    return sorted(
        path
        for folder in folders
        for suffix in ("*.py", "*.html", "*.txt")
        for path in folder.rglob(suffix)
        if not SKIPPED_FOLDERS.intersection(path.relative_to(root).parts)
    )


def read_catalogue(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up(existing: Catalog, collected: Catalog, language: str) -> Catalog:
    """The collected messages with the translations there were; what nobody uses any more is gone."""
    fresh = Catalog(
        locale=language,
        header_comment="# Collected by `make messages`; only the msgstr lines are written by hand.",
        project="Portolan",
        version="1",
        msgid_bugs_address="",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    if language in PLURALS:
        fresh.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message in collected:
        if not message.id:
            continue
        known = existing.get(message.id, message.context)
        fresh.add(
            message.id,
            known.string if known and _same_shape(known, message) else None,
            locations=sorted({(place, 1) for place, _ in message.locations}),
            flags=[*message.flags, *({"fuzzy"} if known and known.fuzzy else ())],
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
            context=message.context,
        )
    return fresh


def spelled(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=False)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    for message in catalogue:
        if message.id and (message.fuzzy or not all(_strings(message))):
            yield message


def complaints(root: Path) -> list[str]:
    """What keeps the catalogues from being complete: missing words, guesses, and placeholders that differ."""
    collected = collect(root)
    found = []
    for language in LANGUAGES:
        existing = read_catalogue(catalogue_path(root, language), language)
        for message in collected:
            if message.id:
                known = existing.get(message.id, message.context)
                found += [f"{language}: {text}" for text in _complaint(message, known)]
    return found


def compile_messages(root: Path) -> None:
    """Write the .mo beside each .po that is newer; guesses are left out."""
    for path in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        unfinished = compiled.with_suffix(f".{os.getpid()}.mo")
        with unfinished.open("wb") as file:
            write_mo(file, read_catalogue(path, path.parents[1].name))
        unfinished.replace(compiled)


def check(arguments: Sequence[str] = ()) -> int:
    found = complaints(ROOT)
    for line in found[:40]:
        print(line)
    if len(found) > 40:
        print(f"... and {len(found) - 40} more")
    return 1 if found else 0


def _extracted(path: Path) -> Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into something like Python: calls of gettext between filler. Python's tokenizer minds
        # indentation, so lines begin at the margin.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).split("\n"))
    return extract("python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",))


def _placeholders(text: str) -> list[str]:
    """What is filled in; a doubled percent sign is a percent sign."""
    return PLACEHOLDER.findall(text.replace("%%", ""))


def _complaint(message: Message, known: Message | None) -> Iterator[str]:
    name = _first(message.id)[:80]
    if known is None or known.fuzzy or not all(_strings(known)):
        yield f"no translation of {name!r}"
        return
    wanted = set(_placeholders("".join(_as_list(message.id))))
    for text in _strings(known):
        if not set(_placeholders(text)) <= wanted:
            yield f"{name!r} is translated with a placeholder it does not have"
        elif isinstance(message.id, str) and set(_placeholders(text)) != wanted:
            yield f"{name!r} lost a placeholder in translation"


def _same_shape(known: Message, message: Message) -> bool:
    return isinstance(known.id, str) == isinstance(message.id, str)


def _strings(message: Message) -> list[str]:
    return _as_list(message.string or "")


def _first(found: str | Sequence[str]) -> str:
    return _as_list(found)[0]


def _as_list(found: Any) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


if __name__ == "__main__":
    if "--compile" in sys.argv:
        compile_messages(ROOT)
    else:
        sys.exit(check())
