"""A ZIP of several files, read one at a time and never unpacked to the disk."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused
from catalog.importers.formats import Row
from catalog.importers.reading.guards import BROKEN_PACK, CHUNK, BoundedReader, unpacked
from catalog.importers.reading.records import read_document
from catalog.importers.reading.tables import open_table

IN_MEMORY = 8 * 1024 * 1024
LEFT_OUT = ("__MACOSX/",)


class ZippedFiles:
    """The files of a checked archive by their names without folders."""

    def __init__(self, archive: zipfile.ZipFile, *, encoding: str = "") -> None:
        self._archive = archive
        self._encoding = encoding
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = PurePosixPath(entry.filename.replace("\\", "/")).name
            if entry.is_dir() or name.startswith(".") or entry.filename.startswith(LEFT_OUT):
                continue
            if name in self._entries:
                raise FileRefused(_("The archive holds two files called “%(name)s”.") % {"name": name})
            self._entries[name] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """Every file, in the order of the archive."""
        return tuple(self._entries)

    def rows(self, name: str, *, columns: Sequence[str] = (), separator: str = "") -> Iterator[Row]:
        """A table's rows with values by column title. Raises `FileRefused`, also for a row that is broken."""
        with self._content(name) as content:
            sheet = open_table(content, encoding=self._encoding, separator=separator, columns=columns)
            for row in sheet.rows:
                if row.broken:
                    sentence = next(iter(row.broken.values()))
                    raise FileRefused(f"{name}, {row.line}: {sentence}")
                yield Row(row.line, dict(zip(sheet.columns, row.cells, strict=True)))

    def document(self, name: str) -> Any:
        """A JSON or YAML file's value."""
        with self._content(name) as content:
            is_yaml = name.removesuffix(".gz").endswith((".yaml", ".yml"))
            return read_document(content, is_yaml=is_yaml, encoding=self._encoding)

    def _content(self, name: str) -> IO[bytes]:
        entry = self._entries.get(name)
        if entry is None:
            raise FileRefused(_("The archive has no file “%(name)s”.") % {"name": name})
        spooled = temporary()
        with self._archive.open(entry) as packed:
            copy(io.BufferedReader(BoundedReader(packed, most=entry.file_size)), spooled)
        if not name.endswith(".gz"):
            return spooled
        with spooled:
            inner = temporary()
            copy(unpacked(spooled), inner)
        return inner


def temporary() -> IO[bytes]:
    """A file of our own that goes away when it is closed; small ones never touch the disk."""
    return cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))


def copy(source: IO[bytes], target: IO[bytes]) -> None:
    """All of it, then back to the start. Raises `FileRefused` for a broken packing."""
    try:
        while chunk := source.read(CHUNK):
            target.write(chunk)
    except BROKEN_PACK as error:
        raise FileRefused(_("The packed file is damaged.")) from error
    target.seek(0)
