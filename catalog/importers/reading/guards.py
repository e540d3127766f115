"""Limits for packed files: a small upload never becomes a large memory or a full disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from catalog.importers.errors import FileRefused

MOST_ENTRIES = 1_000
MOST_UNPACKED = 512 * 1024 * 1024
MOST_RATIO = 250
SMALL = 1024 * 1024
"""Below this nobody looks at the ratio: short files of one letter pack well."""
CHUNK = 1024 * 1024
ENCRYPTED = 0x1
BROKEN_PACK = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError, RuntimeError)


class BoundedReader(io.RawIOBase):
    """Hands bytes on and refuses when there are more than they said, or than anybody needs."""

    def __init__(self, inner: IO[bytes], *, most: int = MOST_UNPACKED) -> None:
        self._inner = inner
        self._most = most
        self._seen = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, target: "memoryview | bytearray") -> int:  # type: ignore[override]  # the stub is wider
        """At most as much as fits; `FileRefused` beyond the limit or for a broken packing."""
        try:
            found = self._inner.read(len(target))
        except BROKEN_PACK as error:
            raise FileRefused(_("The packed file is damaged.")) from error
        self._seen += len(found)
        if self._seen > self._most:
            raise too_large(self._most)
        target[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """The inner one too."""
        self._inner.close()
        super().close()


def too_large(most: int) -> FileRefused:
    """The refusal of a file that unpacks to more than is read."""
    return FileRefused(_("Unpacked, the file is larger than %(most)s. Split it.") % {"most": filesizeformat(most)})


def unpacked(file: IO[bytes]) -> IO[bytes]:
    """The content of a gzipped file, bounded in size and in how much larger it may be than what was sent."""
    file.seek(0, io.SEEK_END)
    most = min(MOST_UNPACKED, max(SMALL, file.tell() * MOST_RATIO))
    file.seek(0)
    return io.BufferedReader(BoundedReader(cast(IO[bytes], gzip.GzipFile(fileobj=file)), most=most), CHUNK)


class _Shared(io.RawIOBase):
    """Reads from a file and leaves it open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, target: "memoryview | bytearray") -> int:  # type: ignore[override]  # the stub is wider
        found = self._file.read(len(target))
        target[: len(found)] = found
        return len(found)


def kept_open(file: IO[bytes]) -> io.BufferedReader:
    """The file from its start, for a reader that closes what it reads."""
    file.seek(0)
    return io.BufferedReader(_Shared(file), CHUNK)


def check_archive(archive: zipfile.ZipFile) -> None:
    """Raises `FileRefused` for a ZIP that is encrypted, has too many entries or unpacks to far too much."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(
            _("The file holds %(count)d files; at most %(most)d are read.")
            % {"count": len(entries), "most": MOST_ENTRIES}
        )
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise FileRefused(_("The file is protected by a password. Save it without one."))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise too_large(MOST_UNPACKED)
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > entry.compress_size * MOST_RATIO:
            raise FileRefused(_("The file is packed so tightly that it looks like an attack. Save it anew."))


@contextmanager
def archive_of(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The ZIP in a file, checked. An entry never yields more than it declares: zipfile stops there."""
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileRefused(_("The packed file is damaged.")) from error
    with archive:
        check_archive(archive)
        yield archive
