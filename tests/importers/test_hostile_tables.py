"""Tables in any letters, broken, odd or meant to do harm: read as their owner meant them, or refused with a sentence.

Every file is made here. None of these tests needs the database: reading comes before anything is changed.
"""

import csv
import io

import pytest

from catalog.importers.errors import FileRefused
from catalog.importers.inspecting import look_at
from catalog.importers.reading.opening import How
from core.spreadsheets import guarded
from tests.importers.hostile import (
    opened,
    refusal,
    rows_of,
    values,
)

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
