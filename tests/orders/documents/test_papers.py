"""What is printed: the words of each language, one table over many pages, the paper of the country, PDF/A-3."""

import io
import re

import pytest
from pypdf import PdfReader

from orders.documents.rendering import pdf_of
from orders.documents.wording import _table, languages, word
from tests.orders.documents.papers import extra, facts_of, goods, group, sheet

KETTLE = goods(1, "Kesen kettle", quantity=2, unit=8990, tax=2871)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def shown(made: dict[str, object]) -> str:
    return re.sub(r"\s+", " ", str(made))


@pytest.mark.parametrize("language", languages())
def test_every_language_is_printed_with_its_own_words(language: str) -> None:
    pdf = pdf_of(sheet(facts_of(positions=[KETTLE]), language))

    assert "INV-2026-000042" in text_of(pdf)
    fonts = {str(font["/BaseFont"]) for page in PdfReader(io.BytesIO(pdf)).pages for font in _fonts(page)}
    wanted = {"ar": "NotoSansArabic", "ja": "NotoSansJP", "zh-hans": "NotoSansSC"}.get(language, "NotoSans-")
    assert any(wanted in name for name in fonts)
    assert all("+" in name for name in fonts), "every font is embedded as a subset"


def _fonts(page: object) -> list[dict[str, object]]:
    return [one.get_object() for one in page["/Resources"]["/Font"].values()]


def test_no_word_is_missing_in_any_language() -> None:
    for key, words in _table()["words"].items():
        assert len(words) == len(languages()), key
        assert all(words), key
        fields = {tuple(sorted(re.findall(r"\{(\w+)\}", one))) for one in words}
        assert len(fields) == 1, key


def test_a_long_table_repeats_its_head_and_counts_its_pages() -> None:
    many = [goods(at, f"Thing {at}", quantity=1, unit=100, tax=16) for at in range(1, 90)]
    pages = PdfReader(io.BytesIO(pdf_of(sheet(facts_of(positions=many))))).pages

    assert len(pages) > 2
    for number, page in enumerate(pages[:2], start=1):
        text = page.extract_text()
        assert "Unit price incl. tax" in text
        assert f"Page {number} of {len(pages)}" in text


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("us-letter", 612)])
def test_the_paper_is_that_of_the_country(paper: str, width: int) -> None:
    page = PdfReader(io.BytesIO(pdf_of(sheet(facts_of(positions=[KETTLE], paper=paper))))).pages[0]

    assert round(page.mediabox.width) == width


def test_it_is_archived_as_pdf_a_3() -> None:
    pdf = pdf_of(sheet(facts_of(positions=[KETTLE])))

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


def test_the_same_sheet_is_the_same_file() -> None:
    made = sheet(facts_of(positions=[KETTLE]))

    assert pdf_of(made) == pdf_of(made)


def test_rates_are_printed_with_net_tax_and_gross() -> None:
    book = goods(2, "Book", quantity=1, unit=1070, tax=70)
    groups = [group("DE"), group("DE", "0.07", reason="reduced")]
    made = sheet(facts_of(positions=[KETTLE, book], groups=groups, at={"goods:2": 1}), "de")

    assert made["taxes"]["rows"] == [
        ["MwSt. 19 % (Deutschland)", "151,09 €", "28,71 €", "179,80 €"],
        ["MwSt. 7 % (Deutschland)", "10,00 €", "0,70 €", "10,70 €"],
    ]
    assert [one["amount"] for one in made["sums"]] == ["161,09 €", "29,41 €", "190,50 €"]


def test_a_japanese_invoice_marks_what_is_taxed_less_and_names_its_number() -> None:
    tea = goods(2, "Tea", quantity=1, unit=1080, tax=80)
    facts = facts_of(
        country="JP", currency="JPY", title="qualified_invoice", positions=[goods(1, "Pot", quantity=1, unit=1100,
        tax=100), tea], groups=[group("JP", "0.1"), group("JP", "0.08", reason="reduced")], at={"goods:2": 1},
    )  # fmt: skip
    made = sheet(facts, "ja")

    assert made["title"][0] == "適格請求書"
    assert [row["name"] for row in made["rows"]] == ["Pot", "Tea ※"]
    assert "登録番号 T1234567890123" in made["footer"][2]
    assert any("軽減税率" in note[0] for note in made["notes"])


def test_the_law_of_a_country_puts_its_language_beside_the_readers() -> None:
    facts = facts_of(country="SA", currency="SAR", positions=[KETTLE], groups=[group("SA", "0.15")],
                     title="tax_invoice", demanded_language="ar")  # fmt: skip
    made = sheet(facts, "en")

    assert made["title"][0] == "Tax invoice"
    assert "فاتورة ضريبية" in made["title"][1]
    assert made["code"].startswith("<svg")
    assert sheet({**facts, "demanded_language": "en"}, "en")["title"][1] == ""


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("export", "export"), ("reverse_charge", "reverse_charge"), ("exempt", "exempt"), ("on_delivery", "on_delivery")],
)
def test_why_there_is_no_tax_is_said_in_the_words_of_the_law(reason: str, sentence: str) -> None:
    free = goods(1, "Kettle", quantity=1, unit=5000, tax=0)
    made = sheet(facts_of(positions=[free], groups=[group("DE", "0", reason=reason)]), "de")

    assert [word(sentence, "de"), ""] in made["notes"]
    assert made["rows"][0]["rate"] == "–"


def test_goods_to_a_business_in_another_member_state_are_an_exempt_supply() -> None:
    free = goods(1, "Kettle", quantity=1, unit=5000, tax=0)
    facts = facts_of(country="FR", positions=[free], groups=[group("FR", "0", reason="reverse_charge")])
    facts |= {"is_electronic": True}

    assert [word("intra_community", "de"), ""] in sheet(facts, "de")["notes"]
    handed_over = {**free, "is_shipped": False}
    assert [word("reverse_charge", "de"), ""] in sheet({**facts, "positions": [handed_over]}, "de")["notes"]


def test_a_credit_note_names_its_invoice_and_has_minus_signs() -> None:
    corrects = {"number": "INV-2026-000041", "issued_on": "2026-11-20", "reason": "Zerbrochen"}
    made = sheet(facts_of(positions=[KETTLE], corrects=corrects), "de", number="CN-2026-000001")

    assert made["title"] == ["Rechnungskorrektur", ""]
    assert "INV-2026-000041 · 20.11.2026" in shown(made)
    assert made["sums"][-1]["amount"] == "-179,80 €"
    assert pdf_of(made).startswith(b"%PDF")


def test_latin_words_keep_their_order_on_an_arabic_page() -> None:
    made = sheet(facts_of(country="AE", currency="AED", positions=[KETTLE], groups=[group("AE", "0.05")]), "ar")

    assert made["direction"] == "rtl"
    assert "\u2066+49 341 5550100\u2069" in made["footer"][1]
    assert made["buyer"]["lines"][0] == "شخص تجريبي"


def test_delivery_and_duty_are_lines_of_their_own() -> None:
    rows = sheet(facts_of(positions=[KETTLE, extra("shipping", net=412, tax=78, name="Standard")]))["rows"]

    assert (rows[1]["name"], rows[1]["amount"]) == ("Delivery: Standard", "€4.90")


def test_the_country_of_an_address_is_said_once() -> None:
    facts = facts_of(positions=[KETTLE])
    facts["buyer"]["lines"] = ["Test Person", "Kastanienallee 41", "10435 Berlin", "Deutschland"]

    assert sheet(facts, "de")["buyer"]["lines"] == ["Test Person", "Kastanienallee 41", "10435 Berlin", "Deutschland"]
    assert sheet(facts, "en")["buyer"]["lines"][-1] == "Germany"
