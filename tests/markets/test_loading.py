"""Reference tables: loading them once, twice, changed, older, and broken."""

import json
import shutil
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from markets.models import (
    ConsumerRule,
    ExchangeRate,
    LowValueRule,
    Market,
    PaymentMethod,
    ReferenceLoad,
    SizeTable,
    TaxRate,
    TrackingStatusMap,
)
from markets.reference import load_reference
from markets.reference.files import FOLDER

pytestmark = pytest.mark.django_db
MODELS = (TaxRate, ConsumerRule, Market, LowValueRule, SizeTable, TrackingStatusMap, PaymentMethod, ExchangeRate)


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Places and tax rates alone, to be changed at will. Tables that are not there are not touched."""
    for name in ("places", "vat_rates"):
        shutil.copy(FOLDER / f"{name}.json", tmp_path)
    return tmp_path


def rewrite(folder: Path, as_of: str, **germany: Any) -> None:
    """A newer file in which the German standard rate says something else."""
    path = folder / "vat_rates.json"
    content = json.loads(path.read_text("utf-8"))
    content["meta"]["as_of"] = as_of
    for row in content["rows"]:
        if row["country"] == "DE" and row["rate_class"] == "standard":
            row.update(germany)
    path.write_text(json.dumps(content), "utf-8")


def germany() -> list[tuple[Decimal, date | None, date | None]]:
    rows = TaxRate.objects.filter(jurisdiction__country_id="DE", tax_category_id="standard").order_by("effective_from")
    return list(rows.values_list("rate", "effective_from", "effective_to"))


def test_a_second_load_changes_nothing_even_when_forced() -> None:
    load_reference()
    before = counts()
    assert [market.code for market in Market.objects.filter(active=True)] == [
        *("de", "fr", "gb", "us", "jp", "ae", "sa", "br", "mx", "ch")
    ]
    assert all(one.skipped for one in load_reference())
    again = load_reference(force=True)
    assert all(one.count.created == one.count.closed == 0 for one in again)
    assert {one.table for one in again if one.count.changed} == {"markets"}
    assert counts() == before


def test_a_changed_rate_closes_the_old_row_the_day_before_and_is_audited(folder: Path) -> None:
    load_reference(folder=folder)
    rewrite(folder, "2026-12-15", rate_percent="21")
    load_reference(folder=folder)
    assert germany() == [
        (Decimal("0.19"), date(2021, 1, 1), date(2026, 12, 14)),
        (Decimal("0.21"), date(2026, 12, 15), None),
    ]
    entry = AuditEntry.objects.filter(action="reference.change").get()
    assert entry.data["old"] == {"effective_to": None}
    assert entry.data["new"] == {"effective_to": "2026-12-14"}
    before = TaxRate.objects.count()
    load_reference(folder=folder, force=True)
    assert TaxRate.objects.count() == before


def test_a_rate_announced_for_later_ends_the_present_one_in_time(folder: Path) -> None:
    load_reference(folder=folder)
    rewrite(folder, "2026-12-15", rate_percent="21", effective_from="2027-01-01")
    load_reference(folder=folder)
    assert germany() == [
        (Decimal("0.19"), date(2021, 1, 1), date(2026, 12, 31)),
        (Decimal("0.21"), date(2027, 1, 1), None),
    ]


def test_an_older_file_is_refused_unless_forced(folder: Path) -> None:
    load_reference(folder=folder)
    rewrite(folder, "2026-01-01", rate_percent="16")
    before = germany()
    with pytest.raises(CommandError, match="loaded is 2026-11-22"):
        call_command("load_reference", folder=folder, stdout=StringIO())
    assert germany() == before
    call_command("load_reference", folder=folder, force=True, stdout=StringIO())
    assert ReferenceLoad.objects.get(table="vat_rates").as_of == date(2026, 1, 1)


def test_overlapping_rows_are_refused_and_nothing_is_written(folder: Path) -> None:
    path = folder / "vat_rates.json"
    content = json.loads(path.read_text("utf-8"))
    content["rows"].append({**content["rows"][0], "effective_from": "2020-01-01"})
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(CommandError, match="overlap"):
        call_command("load_reference", folder=folder, stdout=StringIO())
    assert counts() == [0] * len(MODELS)
    assert not ReferenceLoad.objects.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"meta": {}}', '{"meta": {"table": "vat_rates", "as_of": "soon"}}'])
def test_a_broken_file_is_named_and_nothing_is_written(folder: Path, text: str) -> None:
    (folder / "vat_rates.json").write_text(text, "utf-8")
    with pytest.raises(CommandError, match="not a folder of reference tables"):
        call_command("load_reference", folder=folder, stdout=StringIO())
    assert not ReferenceLoad.objects.exists()


def test_a_market_that_its_operator_changed_is_left_alone_by_a_newer_file(tmp_path: Path) -> None:
    load_reference()
    Market.objects.filter(code="de").update(return_days=99)
    for path in FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    content = json.loads((tmp_path / "markets.json").read_text("utf-8"))
    content["meta"]["as_of"] = "2026-12-24"
    (tmp_path / "markets.json").write_text(json.dumps(content), "utf-8")
    load_reference(folder=tmp_path)
    assert Market.objects.get(code="de").return_days == 99
