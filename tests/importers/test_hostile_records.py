"""JSON, JSON lines and YAML that are broken: a broken line is refused alone, a broken document whole.

Every file is made here. None of these tests needs the database: reading comes before anything is changed.
"""

import json

import pytest

from tests.importers.hostile import (
    PlainDocument,
    PlainRecords,
    opened,
    refusal,
    rows_of,
)


def lines(*records: object) -> bytes:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records).encode()


def test_a_broken_line_is_refused_and_the_others_go_on() -> None:
    content = lines(
        {"sku": "A-1"}, "{broken", {"sku": "A-2"}, "[1]", '{"sku": "a\\u0000"}', '{"sku": NaN}', {"sku": "A-3"}
    )
    with opened(content, "t.jsonl", PlainRecords()) as found:
        assert [row.get("sku") for row in found.source.rows if row.line not in found.broken] == ["A-1", "A-2", "A-3"]
        assert sorted(found.broken) == [2, 4, 5, 6]


def test_numbers_are_exact() -> None:
    row = rows_of(b'[{"sku": "A-1", "price": 19.90}, {"sku": "A-2"}]', "t.json", PlainRecords())[0]
    assert row.get("price") == "19.90"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'{"a": [1, 2', "t.json"),
        (b"[" * 200_000 + b'"', "t.json"),
        (b'{"a": ' * 100_000 + b"1", "t.json"),
        (b'{"a": 1e999999999}', "t.json"),
        (b'{"a": "\\u0000"}', "t.json"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "t.json"),
        (b"a: &x [1, 2]\nb: [*x, *x]\n", "t.yaml"),
        (b"a: !!python/object/apply:os.system ['true']\n", "t.yaml"),
        (b"a: [1, 2\n", "t.yaml"),
        (b"{" * 20_000, "t.yaml"),
    ],
)
def test_broken_documents_are_refused(content: bytes, name: str) -> None:
    assert refusal(content, name, PlainDocument())


def test_a_file_of_another_kind_is_refused_with_the_formats_name() -> None:
    assert "kind that Plain needs" in refusal(b'[{"sku": "x"}]', "t.json")
    assert "kind that Plain needs" in refusal(b"sku\nx\n", "t.csv", PlainRecords())
