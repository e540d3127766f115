"""JSON and YAML: one value, or one object after the other. Numbers with a point are exact decimals."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Any

import yaml
from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.reading.encodings import encoding_of
from catalog.importers.reading.guards import kept_open, too_large

MOST_DOCUMENT = 64 * 1024 * 1024
LONGEST_LINE = 4 * 1024 * 1024
MOST_KEYS = 2_000
DEEPEST = 64
UNREADABLE = (ValueError, RecursionError)
NUL = "\\u0000"
"""The only way to write it in JSON."""


@dataclass(frozen=True, slots=True)
class Record:
    """The number of a record, the first being 1, and its values; or what is wrong with it."""

    line: int
    values: dict[str, Any]
    trouble: str = ""


def read_lines(file: IO[bytes], *, encoding: str = "") -> Iterator[Record]:
    """JSON lines: an object on each. A line that is none is a record with trouble; the others go on."""
    name = encoding_of(file, wanted=encoding).name
    text = io.TextIOWrapper(kept_open(file), encoding=name, errors="strict")
    line = 0
    try:
        while found := text.readline(LONGEST_LINE + 1):
            line += 1
            if len(found) > LONGEST_LINE:
                raise FileRefused(_("Line %(line)d is too long.") % {"line": line})
            if found.strip():
                yield _record(line, found)
    except UnicodeError as error:
        raise FileRefused(_("Line %(line)d is not in the encoding of the file.") % {"line": line + 1}) from error


def _record(line: int, text: str) -> Record:
    try:
        value = _json(text)
        if _is_plain(text) or not _holds_nul(value):
            return checked(line, value)
    except UNREADABLE:
        return Record(line, {}, _("The line is not sound JSON."))
    return Record(line, {}, _("The record contains NUL characters."))


def checked(line: int, value: Any) -> Record:
    """A record of an object; trouble for anything else."""
    if not isinstance(value, dict):
        return Record(line, {}, _("The record is not an object with names and values."))
    if len(value) > MOST_KEYS:
        return Record(line, {}, _("The record has more than %(most)d values.") % {"most": MOST_KEYS})
    return Record(line, value)


def read_document(file: IO[bytes], *, is_yaml: bool, encoding: str = "") -> Any:
    """The one value of a file. Raises `FileRefused` when it is not sound."""
    file.seek(0)
    content = file.read(MOST_DOCUMENT + 1)
    if len(content) > MOST_DOCUMENT:
        raise too_large(MOST_DOCUMENT)
    name = encoding_of(io.BytesIO(content), wanted=encoding).name
    try:
        text = content.decode(name)
        value = _yaml(text) if is_yaml else _json(text)
        has_nul = (is_yaml or not _is_plain(text)) and _holds_nul(value)
    except UnicodeError as error:
        raise FileRefused(_("The file has letters in another encoding than the rest.")) from error
    except yaml.YAMLError as error:
        raise FileRefused(_("The file is not sound YAML: %(reason)s") % {"reason": str(error)[:200]}) from error
    except UNREADABLE as error:
        raise FileRefused(_("The file is not sound JSON: %(reason)s") % {"reason": str(error)[:200]}) from error
    if has_nul:
        raise FileRefused(_("The file contains NUL characters: it is damaged, or not a text file."))
    return value


def _json(text: str) -> Any:
    return json.loads(text, parse_float=_exact, parse_constant=_refuse_constant)


def _exact(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > 30:
        raise ValueError(text[:40])
    return number


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def _is_plain(text: str) -> bool:
    """Whether JSON needs no second look: it holds no NUL, and so few brackets that it cannot be nested deeply."""
    return NUL not in text and text.count("[") + text.count("{") <= DEEPEST


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(part) for key, part in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))


class _Plain(yaml.CSafeLoader):
    """Plain values only."""


def _yaml(text: str) -> Any:
    """No aliases: a few lines of them can stand for millions of values. Not deeper than anybody writes by hand."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(_("aliases are not read"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(_("it is nested too deeply"))
    return yaml.load(text, Loader=_Plain)  # noqa: S506 (a safe loader with exact numbers)


def _decimal(loader: Any, node: Any) -> Decimal:
    text = loader.construct_scalar(node)
    try:
        return _exact(text.replace("_", ""))
    except (InvalidOperation, ValueError) as error:
        raise yaml.YAMLError(f"{text[:40]} is not a number") from error


def _scalar(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


_Plain.add_constructor("tag:yaml.org,2002:float", _decimal)
_Plain.add_constructor("tag:yaml.org,2002:timestamp", _scalar)
