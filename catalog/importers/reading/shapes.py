"""What kind of file the bytes are, whatever the file is called."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.reading.archives import copy, temporary
from catalog.importers.reading.guards import unpacked

GZIP, ZIP, OLE, PDF = b"\x1f\x8b", b"PK", b"\xd0\xcf\x11\xe0", b"%PDF"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


class Shape(StrEnum):
    """How the content is written."""

    TABLE = "csv"
    WORKBOOK = "xlsx"
    JSON = "json"
    LINES = "jsonl"
    YAML = "yaml"
    ARCHIVE = "zip"


@dataclass(frozen=True)
class Content:
    """A file's content, unpacked and seekable, with its name and shape."""

    file: IO[bytes]
    name: str
    shape: Shape


@contextmanager
def content_of(file: IO[bytes], name: str) -> Iterator[Content]:
    """Raises `FileRefused` for an empty file and for one nobody can read here."""
    with ExitStack() as stack:
        file.seek(0)
        plain_name = name.rpartition("/")[2].lower()
        if file.read(2) == GZIP:
            inner = stack.enter_context(temporary())
            copy(unpacked(file), inner)
            file, plain_name = inner, plain_name.removesuffix(".gz")
        yield Content(file, plain_name, _shape(file, plain_name))


def _shape(file: IO[bytes], name: str) -> Shape:
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileRefused(_("The file is empty."))
    if start.startswith(ZIP_STARTS):
        return _zipped(file)
    if start.startswith(OLE):
        raise FileRefused(_("This is an old or protected Excel file. Save it as .xlsx without a password, or as CSV."))
    if start.startswith((ZIP, PDF, GZIP)):
        raise FileRefused(_("This is not a text file. Save the table as CSV and upload that."))
    if name.endswith((".yaml", ".yml")):
        return Shape.YAML
    if name.endswith((".jsonl", ".ndjson")):
        return Shape.LINES
    return _json_or_table(file, start)


def _json_or_table(file: IO[bytes], start: bytes) -> Shape:
    """An object that ends on its own line and has another below it means JSON lines."""
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if plain.startswith((b"[", b"{")) and b'"' in start:
        if plain.startswith(b"{"):
            first = file.readline(4 * 1024 * 1024).strip()
            second = file.readline(4096).strip()
            file.seek(0)
            return Shape.LINES if first.endswith(b"}") and second.startswith(b"{") else Shape.JSON
        return Shape.JSON
    return Shape.TABLE


def _zipped(file: IO[bytes]) -> Shape:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, io.UnsupportedOperation) as error:
        raise FileRefused(_("The packed file is damaged.")) from error
    finally:
        file.seek(0)
    return Shape.WORKBOOK if "[Content_Types].xml" in names else Shape.ARCHIVE
