"""Workbooks that are odd, damaged or meant to do harm: read as somebody would have typed them, or refused.

Every file is made here. None of these tests needs the database: reading comes before anything is changed.
"""

import io
import zipfile
from datetime import date, datetime

import pytest

from tests.importers.hostile import (
    changed,
    opened,
    refusal,
    rows_of,
    saved,
    with_shared_strings,
    workbook,
)


def test_cells_of_a_workbook_are_read_as_somebody_would_have_typed_them() -> None:
    book = workbook(
        ("A-1", "Mug", 19.99),
        ("A-2", date(2026, 5, 1), 19.989999999999998),
        ("A-3", datetime(2026, 5, 1, 12, 30), 4006381333931),  # noqa: DTZ001 (a sheet knows no zones)
        ("A-4", True, 5.0),
        ("A-5", None, "0.50"),
    )
    found = [(row.get("name"), row.get("price")) for row in rows_of(saved(book), "t.xlsx")]
    assert found == [
        ("Mug", "19.99"),
        ("2026-05-01", "19.99"),
        ("2026-05-01 12:30:00", "4006381333931"),
        ("TRUE", "5"),
        ("", "0.50"),
    ]


def test_a_formula_counts_by_its_stored_value_and_without_one_the_row_is_refused() -> None:
    book = workbook(("A-1", "Mug", "=4+5"), ("A-2", "Pot", 3), ("A-3", "Cup", "#REF!"))
    with opened(saved(book), "t.xlsx") as found:
        rows = list(found.source.rows)
        assert rows[1].get("price") == "3"
        assert "formula whose result is not stored" in found.broken[2].message
        assert found.broken[2].column == "price"
        assert "error #REF!" in found.broken[4].message
    stored = saved(book)
    sheet = zipfile.ZipFile(io.BytesIO(stored)).read("xl/worksheets/sheet1.xml")
    with_value = sheet.replace(b"<f>4+5</f><v />", b"<f>4+5</f><v>9</v>").replace(
        b"<f>4+5</f><v></v>", b"<f>4+5</f><v>9</v>"
    )
    assert with_value != sheet
    rows = rows_of(changed(stored, xl__worksheets__sheet1_dot_xml=with_value), "t.xlsx")
    assert rows[0].get("price") == "9"


def test_a_formula_in_a_column_nobody_reads_does_no_harm() -> None:
    book = workbook(("A-1", "Mug", 3, "=1+1"), titles=("sku", "name", "price", "note"))
    with opened(saved(book), "t.xlsx") as found:
        assert len(list(found.source.rows)) == 1
        assert not found.broken


def test_the_first_visible_sheet_is_read_unless_another_is_chosen() -> None:
    book = workbook(("A-1", "Mug", 3))
    book.create_sheet("second").append(("sku",))
    book["second"].append(("B-1",))
    book.create_sheet("hidden", 0).sheet_state = "hidden"
    content = saved(book)
    with opened(content, "t.xlsx") as found:
        assert [row.get("sku") for row in found.source.rows] == ["A-1"]
        assert any("several sheets" in note.message for note in found.notes)
    assert [row.get("sku") for row in rows_of(content, "t.xlsx", sheet="second")] == ["B-1"]
    assert "no sheet" in refusal(content, "t.xlsx", sheet="hidden")


def test_merged_cells_are_said_to_be_so() -> None:
    book = workbook(("A-1", "Mug", 3), ("A-2", None, 4))
    book.active.merge_cells("B2:B3")
    with opened(saved(book), "t.xlsx") as found:
        assert [row.get("name") for row in found.source.rows] == ["Mug", ""]
        assert any("merged cells" in note.message for note in found.notes)


def test_what_a_sheet_says_of_its_own_size_is_not_believed() -> None:
    content = saved(workbook(("A-1", "Mug", 3)))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    assert lying != sheet
    assert len(rows_of(changed(content, xl__worksheets__sheet1_dot_xml=lying), "t.xlsx")) == 1


def test_a_workbook_with_too_many_columns_is_refused() -> None:
    book = workbook(titles=tuple(f"column {n}" for n in range(600)))
    book.active.append(tuple(range(600)))
    assert "columns; at most 500 are read" in refusal(saved(book), "t.xlsx")


def test_macros_are_refused() -> None:
    content = changed(saved(workbook(("A-1", "Mug", 3))), xl__vbaProject_dot_bin=b"macro")
    assert "contains macros" in refusal(content, "t.xlsm")


def test_links_to_other_workbooks_are_not_followed() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    content = changed(saved(workbook(("A-1", "Mug", 3))), xl__externalLinks__externalLink1_dot_xml=link)
    assert len(rows_of(content, "t.xlsx")) == 1


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&c;</t></si></sst>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>"""


@pytest.mark.parametrize("strings", [ENTITIES, OUTSIDE])
@pytest.mark.parametrize(
    "member", ["xl__sharedStrings_dot_xml", "xl__worksheets__sheet1_dot_xml", "xl__workbook_dot_xml"]
)
def test_entities_are_refused(member: str, strings: bytes) -> None:
    content = changed(with_shared_strings(), **{member: strings})
    assert "damaged or of another kind" in refusal(content, "t.xlsx")


@pytest.mark.parametrize(
    ("member", "body"),
    [
        ("xl__workbook_dot_xml", b"<nothing/>"),
        ("xl__workbook_dot_xml", None),
        ("xl__worksheets__sheet1_dot_xml", b"<worksheet><sheetData><row r='x'><c r='??'/></row>"),
        ("xl__sharedStrings_dot_xml", b"\0\0\0"),
    ],
)
def test_damaged_workbooks_are_refused(member: str, body: bytes | None) -> None:
    assert rows_of(with_shared_strings(), "t.xlsx")[0].get("name") == "Mug"
    assert refusal(changed(with_shared_strings(), **{member: body}), "t.xlsx")


def test_a_cut_off_workbook_is_refused() -> None:
    content = saved(workbook(("A-1", "Mug", 3)))
    assert "damaged" in refusal(content[: len(content) // 2], "t.xlsx")
