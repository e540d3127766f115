"""Customs and tax tables as files: read, compared, dated, refused, and read back as facts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from core.money import Money
from markets.cache import forget
from markets.duty.facts import duty_facts_for
from markets.importing.exporting import export_rows
from markets.importing.reading import TableFileRefused
from markets.importing.running import ImportReport, import_table
from markets.importing.tables import FORMATS
from markets.models import (
    ClearanceFee,
    CustomsValuation,
    DutyRule,
    HsCode,
    LowValueRule,
    OriginGroup,
    PostalTaxRate,
    RestrictionRule,
    TaxCategory,
    TaxRate,
)
from markets.reference import load_reference
from tests.factories.markets import CountryFactory, CurrencyFactory

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[3] / "shared/data"
ON = date(2026, 11, 22)
DUTIES = """destination,hs_prefix,origin,kind,rate_percent,effective_from,verification,sources
GB,610910,,mfn,12,2026-01-01,S,tariff
GB,6109,KR,preference,0,,S,
EU27,61 09.10,,mfn,12,,M,
"""
TREE = """section,hscode,description,parent,level
XI,61,Knitted,TOTAL,2
XI,6109,T-shirts,61,4
XI,610910,Of cotton,6109,6
XI,999910,Lost,9999,6
"""


@pytest.fixture(autouse=True)
def fresh_memory() -> Iterator[None]:
    forget()
    yield
    forget()


def load(
    text: str, *, table: str = "duties", as_of: date = ON, dry_run: bool = False, name: str = "a.csv"
) -> ImportReport:
    return import_table(table=table, content=text.encode(), name=name, as_of=as_of, dry_run=dry_run)


def test_duties_are_read_once_and_a_second_time_change_nothing() -> None:
    first = load(DUTIES)
    assert (first.count.created, list(first.refused)) == (3, [])
    assert DutyRule.objects.get(destination="EU27").hs_prefix == "610910"
    entry = AuditEntry.objects.get(action="customs_table.import")
    assert entry.data["created"] == 3
    again = load(DUTIES)
    assert (again.count.created, again.count.closed, again.count.changed, again.count.unchanged) == (0, 0, 0, 3)


def test_a_changed_rate_ends_the_old_row_the_day_before_and_keeps_it() -> None:
    load(DUTIES)
    report = load(DUTIES.replace("mfn,12,2026-01-01", "mfn,8,2026-01-01"), as_of=date(2026, 12, 1))
    assert (report.count.created, report.count.closed) == (1, 1)
    rows = DutyRule.objects.filter(destination="GB", kind="mfn").order_by("effective_from")
    assert [(row.rate_percent, row.effective_from, row.effective_to) for row in rows] == [
        (Decimal(12), date(2026, 1, 1), date(2026, 11, 30)),
        (Decimal(8), date(2026, 12, 1), None),
    ]


def test_a_dry_run_tells_the_differences_and_writes_nothing() -> None:
    load(DUTIES)
    before = list(DutyRule.objects.order_by("pk").values())
    report = load(DUTIES.replace("KR,preference,0", "KR,preference,2"), dry_run=True)
    assert {step.step for step in report.differences} == {"ends", "new"}
    assert any("rate_percent=2.0000" in step.new for step in report.differences)
    assert list(DutyRule.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("UK1,6109,,mfn,12,,S,", "destination"),
        ("GB,61x9,,mfn,12,,S,", "hs_prefix"),
        ("GB,6110,,free,12,,S,", "kind"),
        ("GB,6110,,mfn,,,S,", "rate_percent"),
        ("GB,6110,,mfn,-1,,S,", "rate_percent"),
        ("GB,6110,,mfn,12%,,S,", "rate_percent"),
        ("GB,6110,,mfn,12,22.11.2026,S,", "effective_from"),
        ("GB,6110,,mfn,12,,Z,", "verification"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_place_and_the_others_are_taken(line: str, column: str) -> None:
    report = load(f"{DUTIES}{line}\n")
    assert [(one.line, one.column) for one in report.refused] == [(5, column)]
    assert report.count.created == 3


def test_lines_that_overlap_are_refused_together() -> None:
    overlapping = DUTIES + "GB,610910,,mfn,9,2026-06-01,S,\n"
    report = load(overlapping)
    assert [one.line for one in report.refused] == [2, 5]
    assert not DutyRule.objects.filter(destination="GB", kind="mfn").exists()


def test_a_file_that_names_no_column_of_the_table_is_refused_whole() -> None:
    with pytest.raises(TableFileRefused):
        load("a,b\n1,2\n")
    with pytest.raises(TableFileRefused):
        import_table(table="duties", content=b"\xff\xfe\x00", name="a.csv", as_of=ON, dry_run=False)


def test_the_us_tariff_book_is_read_with_its_ways_of_writing_rates() -> None:
    book = (
        "hts_code,chapter,description,general_rate\n"
        '6109.90.15,61,"T-shirts",5.6%\n1701.99.50,17,Sugar,35.74¢/kg\n0101.21.00,01,Horses,Free\n'
        "9101.11.40,91,Watches,51¢ each + 6.25%\n2204.10.00,22,Wine,19.8¢/liter\n"
    )
    report = load(book)
    found = {row.hs_prefix: row for row in DutyRule.objects.filter(destination="US", kind="mfn")}
    assert found["61099015"].rate_percent == Decimal("5.6")
    assert found["01012100"].rate_percent == 0
    sugar = found["17019950"]
    assert (sugar.specific_amount, sugar.specific_unit, sugar.rate_percent) == (Decimal("0.3574"), "kg", None)
    watch = found["91011140"]
    assert (watch.specific_amount, watch.specific_unit, watch.rate_percent) == (
        Decimal("0.51"), "piece", Decimal("6.25"),
    )  # fmt: skip
    assert [one.line for one in report.refused] == [6]


def test_the_reference_says_what_duty_is_taken_of_and_where_it_is_known_from() -> None:
    load_reference(only=("currency_minor_units", "places", "low_value_rules", "customs"))
    bases = dict(CustomsValuation.objects.values_list("destination", "basis"))
    assert [bases[place] for place in ("EU27", "US", "GB")] == ["cif", "fob", "cif"]
    unsure = CustomsValuation.objects.get(destination="ZA")
    assert (unsure.basis, unsure.verification) == ("fob", "M")
    assert RestrictionRule.objects.filter(destination="SG", hs_prefix="854340", effect="block").exists()
    assert OriginGroup.objects.get(code="USMCA").countries == ["CA", "MX", "US"]
    again = load_reference(only=("customs",), force=True)[0].count
    assert (again.created, again.closed, again.changed) == (0, 0, 0)


def test_the_facts_of_a_day_are_one_query_and_then_none() -> None:
    load_reference(only=("currency_minor_units", "places", "low_value_rules", "customs"))
    load(DUTIES)
    ClearanceFee.objects.create(
        code="dhl-ddp", destination="GB", kind="ddp", incoterm="ddp", currency="GBP", fixed=5, percent=2
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        facts = duty_facts_for(ON)
        duty_facts_for(ON)
    assert len(asked) == 1
    row = next(one for one in facts.rows if one.destination == "GB" and one.kind == "mfn")
    assert (row.rate_percent, row.hs_prefix, row.effective_from) == (Decimal(12), "610910", date(2026, 1, 1))
    assert facts.valuation["DE"] == facts.valuation["EU27"] == "cif"
    assert (facts.valuation["US"], "ROW" in facts.valuation) == ("fob", False)
    assert facts.fees[0].fixed == Money(Decimal(5), "GBP")
    assert {"DE", "CH"} & facts.eu == {"DE"}
    assert facts.origin_groups["EU27"] == facts.eu
    flat = next(one for one in facts.low_value if one.code == "EU-IOSS-2026")
    assert flat.threshold == Money(Decimal(150), "EUR")
    assert flat.params["duty_flat"] == "3.00"
    assert "FR-FEE" not in {one.code for one in facts.low_value}


def test_the_facts_of_another_day_are_those_of_its_rows() -> None:
    load_reference(only=("currency_minor_units", "places", "low_value_rules", "customs"))
    march = duty_facts_for(date(2026, 3, 15))
    assert [row.name for row in march.rows if row.destination == "US"] == ["Section 122"]
    assert [row for row in duty_facts_for(ON).rows if row.destination == "US"] == []
    assert "EU-IOSS-2021" in {one.code for one in march.low_value}


def test_a_postal_rate_holds_its_parts_and_a_sum_that_is_wrong_is_refused() -> None:
    CountryFactory.create(code="US")
    text = (
        "country,region,postal_code,name,rate_percent,state_percent,county_percent,city_percent,special_percent\n"
        "US,CA,90001,Huntington Park,10.5,6,0.25,0.75,3.5\nUS,CA,90002,Lynwood,10.5,6,0.25,1,3.5\n"
    )
    report = load(text, table="postal_rates")
    assert [(one.line, one.column) for one in report.refused] == [(3, "rate_percent")]
    row = PostalTaxRate.objects.get()
    assert (row.rate, row.county_rate, row.special_rate) == (Decimal("0.105"), Decimal("0.0025"), Decimal("0.035"))


def test_tax_rates_of_places_are_imported_by_category_and_unknown_codes_are_refused() -> None:
    CountryFactory.create(code="DE")
    TaxCategory.objects.create(code="standard", name="Standard")
    text = "country,region,tax_category,kind,rate_percent\nDE,,,vat,19\nDE,,toys,vat,7\nXX,,,vat,5\nDE,,,vat,120\n"
    report = load(text, table="tax_rates")
    assert [(one.line, one.column) for one in report.refused] == [
        (3, "tax_category"), (4, "country"), (5, "rate_percent"),
    ]  # fmt: skip
    assert TaxRate.objects.get().rate == Decimal("0.19")
    raised = load("country,tax_category,rate_percent\nDE,standard,21\n", table="tax_rates", as_of=date(2027, 1, 1))
    assert (raised.count.created, raised.count.closed) == (1, 1)
    assert TaxRate.objects.count() == 2
    told = "".join(export_rows(FORMATS["tax_rates"]))
    assert "DE,,standard,vat,19,standard,net,,2026-12-31" in told
    assert load(told, table="tax_rates").count.unchanged == 1


def test_the_tree_of_goods_codes_hangs_together_and_rewords_without_forgetting() -> None:
    report = load(TREE, table="hs_codes")
    assert (report.count.created, [one.value for one in report.refused]) == (3, ["999910"])
    leaf = HsCode.objects.get(code="610910")
    assert leaf.parent is not None
    assert leaf.parent.parent is not None
    assert (leaf.parent.code, leaf.parent.parent.code, leaf.section) == ("6109", "61", "XI")
    again = load(
        "code,description,description:de\n610910,T-shirts of cotton,T-Shirts aus Baumwolle\n", table="hs_codes"
    )
    assert (again.count.changed, HsCode.objects.count()) == (1, 3)
    leaf.refresh_from_db()
    assert leaf.descriptions == {"de": "T-Shirts aus Baumwolle"}


def test_the_command_reports_and_a_missing_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "duties.csv"
    path.write_text(DUTIES + "XX1,,,mfn,1,,S,\n")
    out = StringIO()
    call_command("import_duties", str(path), "--dry-run", stdout=out)
    assert "3 new, 0 changed, 0 closed, 0 unchanged, 1 refused (nothing written)" in out.getvalue()
    assert not DutyRule.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_duties", str(tmp_path / "none.csv"))


@pytest.mark.skipif(not (DATA / "ref-customs").exists(), reason="the data folder is not here")
def test_the_whole_tree_and_the_sample_of_the_us_tariff_are_read() -> None:
    folder = DATA / "ref-customs"
    packed = (folder / "harmonized-system.csv.gz").read_bytes()
    report = import_table(table="hs_codes", content=packed, name="harmonized-system.csv.gz", as_of=ON, dry_run=False)
    assert report.count.created > 6900
    assert len(report.refused) < 10
    assert not HsCode.objects.filter(level__gt=2, parent__isnull=True).exists()
    again = import_table(table="hs_codes", content=packed, name="harmonized-system.csv.gz", as_of=ON, dry_run=False)
    assert (again.count.created, again.count.changed) == (0, 0)
    sample = (folder / "us_hts_sample.csv").read_bytes()
    book = import_table(table="duties", content=sample, name="us_hts_sample.csv", as_of=ON, dry_run=False)
    assert (book.count.created, len(book.refused)) == (9, 0)
    summary = (folder / "eu_duty_by_origin_summary.csv").read_bytes()
    with pytest.raises(TableFileRefused):
        import_table(table="duties", content=summary, name="eu.csv", as_of=ON, dry_run=False)


@pytest.mark.skipif(not (DATA / "ref-tax/us-zip").exists(), reason="the data folder is not here")
def test_the_zip_rates_of_six_states_are_read_twice() -> None:
    CountryFactory.create(code="US")
    CurrencyFactory.create(code="USD")
    for path in sorted((DATA / "ref-tax/us-zip").glob("*.json")):
        report = import_table(table="postal_rates", content=path.read_bytes(), name=path.name, as_of=ON, dry_run=False)
        assert report.count.created > 100, path.name
    los_angeles = PostalTaxRate.objects.get(postal_code="90003")
    assert (los_angeles.region, los_angeles.rate, los_angeles.state_rate) == ("CA", Decimal("0.0975"), Decimal("0.06"))
    path = DATA / "ref-tax/us-zip/co-zip-rates.json"
    again = import_table(table="postal_rates", content=path.read_bytes(), name=path.name, as_of=ON, dry_run=False)
    assert (again.count.created, again.count.closed) == (0, 0)
    assert LowValueRule.objects.count() == 0
