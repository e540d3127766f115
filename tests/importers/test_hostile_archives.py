"""Packed files: bombs, lies about sizes, passwords and names that lead elsewhere are refused with a sentence.

Every file is made here. None of these tests needs the database: reading comes before anything is changed.
"""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from catalog.importers.errors import FileRefused
from catalog.importers.reading import guards
from tests.importers.hostile import (
    MIB,
    PlainFiles,
    changed,
    opened,
    refusal,
    rows_of,
    saved,
    with_shared_strings,
    workbook,
)


def bomb(name: str, size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open(name, "w") as entry:
        for _ in range(size // MIB):
            entry.write(b"0" * MIB)
    return out.getvalue()


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    content = bomb("products.csv", 64 * MIB)
    tracemalloc.start()
    sentence = refusal(content, "bomb.zip", PlainFiles())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "looks like an attack" in sentence
    assert most < 8 * MIB


def test_a_workbook_that_is_a_bomb_is_refused() -> None:
    content = changed(with_shared_strings(), xl__sharedStrings_dot_xml=b"<sst>" + b" " * 40 * MIB)
    assert "looks like an attack" in refusal(content, "t.xlsx")


def test_an_archive_that_declares_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MOST_UNPACKED", 4 * MIB)
    monkeypatch.setattr(guards, "MOST_RATIO", 100_000)
    assert "larger than 4.0" in refusal(bomb("a.csv", 6 * MIB), "t.zip", PlainFiles())


def test_a_declared_size_that_is_a_lie_yields_no_more_than_it_declares() -> None:
    content = bytearray(bomb("a.csv", 2 * MIB))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with opened(bytes(content), "t.zip", PlainFiles()) as found, pytest.raises(FileRefused, match="damaged"):
        list(found.source.files.rows("a.csv"))


def test_a_gz_bomb_is_refused() -> None:
    content = gzip.compress(b"sku,name\n" + b"A-1,one\n" * (40 * MIB // 8), 9)
    tracemalloc.start()
    sentence = refusal(content, "t.csv.gz")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "Unpacked, the file is larger than" in sentence
    assert most < 24 * MIB


def test_gzip_inside_gzip_and_a_cut_off_gzip_are_refused() -> None:
    inner = gzip.compress(b"sku,name\nA-1,one\n")
    assert "not a text file" in refusal(gzip.compress(inner), "t.csv.gz.gz")
    assert "damaged" in refusal(inner[:-9], "t.csv.gz")
    assert rows_of(inner, "t.csv.gz")[0].get("name") == "one"


def test_too_many_entries_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(guards.MOST_ENTRIES + 1):
            archive.writestr(f"{number}.csv", b"")
    assert "at most 1000 are read" in refusal(out.getvalue(), "t.zip", PlainFiles())


def test_a_password_is_refused() -> None:
    content = bytearray(changed(saved(workbook(("A-1", "Mug", 3)))))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "protected by a password" in refusal(bytes(content), "t.xlsx")


def test_names_in_an_archive_lead_nowhere() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../etc/products.csv", b"sku,name\nA-1,one\n")
        archive.writestr("__MACOSX/._products.csv", b"\0")
    with opened(out.getvalue(), "t.zip", PlainFiles()) as found:
        assert found.source.files.names == ("products.csv",)
        assert next(found.source.files.rows("products.csv")).get("name") == "one"
        with pytest.raises(FileRefused, match="no file"):
            found.source.files.document("/etc/passwd")


def test_two_files_of_one_name_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/products.csv", b"sku\n1\n")
        archive.writestr("b/products.csv", b"sku\n2\n")
    assert "two files called" in refusal(out.getvalue(), "t.zip", PlainFiles())
