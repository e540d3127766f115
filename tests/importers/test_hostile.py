"""Files that are broken, odd or meant to do harm: each is read as its owner meant it, or refused with a sentence.

Every file is made here. None of these tests needs the database: reading comes before anything is changed.
"""

import csv
import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from catalog.importers.errors import FileRefused
from catalog.importers.formats import Field, Kind, Row, TableFormat
from catalog.importers.inspecting import look_at
from catalog.importers.reading import guards
from catalog.importers.reading.opening import How, Opened, open_source
from core.spreadsheets import guarded

MIB = 1024 * 1024


class Plain(TableFormat):
    code = "plain"
    label = "Plain"
    fields = (
        Field("sku", "SKU", ("sku",), required=True),
        Field("name", "Name", ("name",)),
        Field("price", "Price", ("price",)),
    )


class PlainRecords(Plain):
    kind = Kind.RECORDS


class PlainDocument(Plain):
    kind = Kind.DOCUMENT


class PlainFiles(Plain):
    kind = Kind.FILES


@contextmanager
def opened(
    content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object
) -> Iterator[Opened]:
    with open_source(io.BytesIO(content), name, reading or Plain(), How(**how)) as found:
        yield found


def rows_of(content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object) -> list[Row]:
    with opened(content, name, reading, **how) as found:
        return list(found.source.rows)


def refusal(content: bytes, name: str = "table.csv", reading: TableFormat | None = None, **how: object) -> str:
    with pytest.raises(FileRefused) as refused:
        rows_of(content, name, reading, **how)
    return str(refused.value)


def values(rows: list[Row]) -> list[dict[str, object]]:
    return [dict(row.values) for row in rows]


def workbook(*rows: tuple[object, ...], titles: tuple[object, ...] = ("sku", "name", "price")) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (titles, *rows):
        book.active.append(row)
    return book


def with_shared_strings() -> bytes:
    """openpyxl writes strings into the cells; Excel keeps them in a file of their own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for line, row in enumerate((("sku", "name"), ("A-1", "Mug"))):
            page.write_row(line, 0, row)
    return out.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, **members: bytes | None) -> bytes:
    """The same ZIP with some members replaced, added or (None) left out; `/` is written `__`, `.` is `_dot_`."""
    named = {name.replace("_dot_", ".").replace("__", "/"): body for name, body in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry.filename, old.read(entry))
        for name, body in named.items():
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


# letters

SAMPLES = {
    "cp1252": (
        "Krüge für Tee – 5 €",
        "Crème brûlée à la carte",
        "Größe",
        "Krug für Tee",
        "El Niño",
        "Ångström",
        "œuvre",
        "Straßenmöbel",
        "Übergröße",
        "Tee „Löwe“",
        "naïve",
        "±3 °C",
        "Ørsted & Søn",
        "São Paulo",
    ),
    "cp932": (
        "南部鉄瓶 ブラック",
        "有田焼の湯呑み セット",
        "急須",
        "ﾃｽﾄ 商品",
        "【送料無料】タオル",
        "綿100％シャツ（白）",
        "靴",
    ),
    "gb18030": (
        "茶叶礼盒 250克",
        "紫砂壶",
        "小米8 全面屏游戏智能手机",
        "红色",
        "【包邮】纯棉T恤（白色）",
        "鞋子",
        "银色星芒刺绣网纱底裤",
    ),
    "utf-8": ("Krüge für Tee", "急須", "紫砂壶", "إبريق", "😀 mug"),
    "utf-8-sig": ("Krüge für Tee", "急須"),
    "utf-16": ("Krüge für Tee", "急須", "紫砂壶"),
    "utf-16-le": ("Krüge für Tee", "急須 ブラック", "Mug"),
    "utf-16-be": ("Krüge für Tee", "急須 ブラック", "Mug"),
}


@pytest.mark.parametrize(("encoding", "name"), [(code, name) for code, names in SAMPLES.items() for name in names])
def test_letters_are_found_out(encoding: str, name: str) -> None:
    content = f"sku,name,price\nA-1,{name},9.90\nA-2,plain,1\n".encode(encoding)
    assert rows_of(content)[0].get("name") == name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp932", "gb18030"])
def test_letters_can_be_said(encoding: str) -> None:
    content = "sku,name\nA-1,Mug\n".encode(encoding)
    assert rows_of(content, encoding=encoding)[0].get("name") == "Mug"


def test_letters_said_wrongly_are_refused_before_the_first_row() -> None:
    content = "sku,name\nA-1,Mug\nA-2,Grüße\n".encode("cp1252")
    assert "From line 3 on there are letters in another encoding" in refusal(content, encoding="utf-8-sig")


def test_a_utf8_file_with_one_foreign_line_far_below_is_not_read_as_something_else_in_silence() -> None:
    content = b"sku,name\n" + b"A-1,M\xc3\xbcg\n" * 20_000 + b"A-2,M\xfcg\n"
    assert "From line 20002 on there are letters in another encoding" in refusal(content)


def test_a_guess_says_that_it_is_one() -> None:
    seen = look_at(io.BytesIO("sku,name\nA-1,急須\n".encode("cp932")), "t.csv", How())
    assert seen.encoding is not None
    assert seen.encoding.name == "cp932"
    if not seen.encoding.is_certain:
        assert "If words look wrong, choose the encoding" in seen.notes[0].message


# tables of text


def test_mixed_line_ends_are_read() -> None:
    rows = rows_of(b"sku,name\r\nA-1,one\nA-2,two\rA-3,three\r\n")
    assert [row.get("sku") for row in rows] == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_usual_separators_are_found_out(separator: str) -> None:
    content = 'sku,name,price\nA-1,"one, two; three",9'.replace(",", separator)
    assert values(rows_of(content.encode()))[0]["price"] == "9"


def test_a_separator_inside_a_quoted_title_does_not_count() -> None:
    assert rows_of(b'"name,a,b,c,d";sku\nMug;A-1\n')[0].get("sku") == "A-1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"  \n \r\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b",,,\n1,2,3\n", "column titles"),
        (b"sku,name\n", "The file has column titles and no rows."),
        (b"sku,name\n,\n \n", "The file has column titles and no rows."),
        (b'sku,name\nA-1,"open\nA-2,two\n', "Look for a quotation mark that is not closed"),
        (b"sku,name\nA-1,o\0ne\n", "not a text file"),
        (b"sku,name\n" + b"A-1,one\n" * 9000 + b"A-2,\0\n", "NUL"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or protected Excel file"),
        (b"%PDF-1.7\n1 0 obj", "not a text file"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0", "not a text file"),
        (b"sku,name,sku\nA-1,one,B-1\n", "Two columns are called"),
        (b"sku,name\nA-1," + b"x" * 600_000 + b"\n", "field larger than field limit"),
    ],
)
def test_broken_tables_are_refused_whole(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_a_file_broken_in_its_last_line_is_refused_before_the_first_row() -> None:
    content = b"sku,name\n" + b"A-1,one\n" * 1000 + b'A-2,"open\n'
    with pytest.raises(FileRefused), opened(content):
        pytest.fail("a row was handed out")


def test_five_hundred_columns_are_read_and_one_more_is_refused() -> None:
    titles = ["sku", *(f"column {n}" for n in range(499))]
    line = ",".join("x" for _ in titles)
    assert len(rows_of(f"{','.join(titles)}\n{line}\n".encode())) == 1
    content = f"{','.join([*titles, 'one more'])}\n{line},x\n".encode()
    assert refusal(content) == "The file has 501 columns; at most 500 are read."


def test_a_row_with_more_cells_than_titles_is_refused_and_the_others_go_on() -> None:
    with opened(b"sku,name\nA-1,one,two\nA-2,two\nA-3,three,,\n") as found:
        assert len(list(found.source.rows)) == 3
        assert list(found.broken) == [2]
        assert "more cells than there are column titles" in found.broken[2].message


def test_a_second_column_of_a_title_nobody_reads_does_no_harm() -> None:
    with opened(b"sku,note,note\nA-1,x,y\n") as found:
        assert found.unknown_columns == ("note", "note (2)")


def test_of_two_columns_with_one_meaning_the_chosen_one_is_read() -> None:
    content = b"sku,name,name\nA-1,one,two\n"
    assert rows_of(content, mapping={"name": "", "name (2)": "name"})[0].get("name") == "two"


def test_cells_of_refused_rows_come_back_as_they_were() -> None:
    texts = ["=1+1", "-5", "@x", "'quoted", "plain", "+49 30", "\tx"]
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["sku", "name", "Why refused"])
    table.writerows([["A", guarded(text), "no"] for text in texts])
    rows = rows_of(out.getvalue().encode())
    assert [row.get("name") for row in rows] == texts
    assert not any("Why refused" in row.titles.values() for row in rows)


# workbooks


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


# packed files


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


# records and documents


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
