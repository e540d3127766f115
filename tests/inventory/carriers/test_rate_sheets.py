"""Rate sheets: whole or not at all, bands without gaps of a gram, and all the real ones."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import Money
from inventory.actions.rate_sheets import import_rate_sheet
from inventory.carriers.tables.adapter import TableRates, chargeable_g
from inventory.carriers.tables.sheet import overlaps, read_sheet
from inventory.carriers.types import Parcel
from inventory.errors import SheetUnreadable
from inventory.models import RateRow, RateSheet
from tests.inventory.carriers.recorded import RATES
from tests.inventory.carriers.worlds import a_shipment, an_account

pytestmark = pytest.mark.django_db
HEAD = (
    "service_code,service_name,zone_label,country_codes,min_weight,max_weight,max_length,max_width,max_height,"
    "rate,currency,transit_days,domicile,international\n"
)
SHEET = (
    HEAD
    + "S,Small,Germany,DE,0.01,1.0,60,30,15,4.19,EUR,1-2,true,false\n"
    + "S,Small,Germany,DE,1.0,2.0,60,30,15,5.49,EUR,1-2,true,false\n"
    + "W,World,Worldwide,,0.01,2.0,,,,19.90,EUR,,false,true\n"
)
NO_RATES = {"fedex_services.csv", "ups_services.csv", "dhl_express_services.csv"}
"""Sheets that say which services there are, and not what they cost."""


def prices(weight_g: int, country: str = "DE", parcel: Parcel | None = None) -> list[tuple[str, Decimal]]:
    shipment = a_shipment(weight_g=weight_g, country=country)
    if parcel is not None:
        shipment = type(shipment)(**{**vars(shipment), "parcel": parcel})
    account = RateSheet.objects.get().account
    return [(rate.service, rate.cost.amount) for rate in TableRates(account.access).rates(shipment)]


def brought_in() -> RateSheet:
    account = an_account("tables")
    return import_rate_sheet(account=account, name="s.csv", content=SHEET.encode(), valid_from=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("grams", "price"), [(1, "4.19"), (10, "4.19"), (1000, "4.19"), (1001, "5.49"), (2000, "5.49"), (2001, None)]
)
def test_a_band_ends_with_its_last_gram(grams: int, price: str | None) -> None:
    brought_in()
    assert prices(grams) == ([("S", Decimal(price))] if price else [])


def test_abroad_and_at_home_are_told_apart() -> None:
    brought_in()
    assert prices(500, "JP") == [("W", Decimal("19.90"))]


def test_a_box_that_is_too_long_is_not_taken_and_a_large_one_weighs_more() -> None:
    brought_in()
    assert prices(500, parcel=Parcel(weight_g=500, length_mm=150, width_mm=600, height_mm=300)) == []
    assert prices(500, parcel=Parcel(weight_g=500, length_mm=610, width_mm=10, height_mm=10)) == []
    assert prices(500, parcel=Parcel(weight_g=500, length_mm=290, width_mm=140, height_mm=140)) == [
        ("S", Decimal("5.49"))
    ]
    assert chargeable_g(Parcel(weight_g=3200, length_mm=400, width_mm=300, height_mm=200)) == 4800


@pytest.mark.parametrize(
    "line",
    [
        "S,Small,Germany,DE,0.01,1.0,60,30,15,x,EUR,1,true,false",
        "S,Small,Germany,DE,0.01,1.0,60,30,15,4.195,EUR,1,true,false",
        "S,Small,Germany,Germany,0.01,1.0,60,30,15,4.19,EUR,1,true,false",
        "S,Small,Germany,DE,2.0,1.0,60,30,15,4.19,EUR,1,true,false",
        ",Small,Germany,DE,0.01,1.0,60,30,15,4.19,EUR,1,true,false",
        "S,Small,Germany,DE,0.01,1.0,60,30,15,NaN,EUR,1,true,false",
    ],
)
def test_one_wrong_line_keeps_the_whole_sheet_out(line: str) -> None:
    account = an_account("tables")
    with pytest.raises(SheetUnreadable) as refused:
        import_rate_sheet(account=account, name="s", content=f"{SHEET}{line}\n".encode(), valid_from=date(2026, 1, 1))
    assert "5" in refused.value.problems[0]
    assert not RateRow.objects.exists()


def test_the_same_sheet_twice_is_one_and_another_for_the_day_is_refused() -> None:
    sheet = brought_in()
    again = import_rate_sheet(account=sheet.account, name="s.csv", content=SHEET.encode(), valid_from=date(2026, 1, 1))
    assert again.pk == sheet.pk
    with pytest.raises(SheetUnreadable):
        import_rate_sheet(
            account=sheet.account, name="s.csv", content=(SHEET + "\n").encode(), valid_from=date(2026, 1, 1)
        )


@pytest.mark.skipif(not RATES.is_dir(), reason="the real sheets are not here")
def test_every_real_sheet_is_read() -> None:
    read = {}
    for path in sorted(RATES.glob("*.csv")):
        if path.name in NO_RATES:
            with pytest.raises(SheetUnreadable):
                read_sheet(path.read_text("utf-8"))
            continue
        read[path.name] = read_sheet(path.read_text("utf-8"))
    assert len(read) == 23
    assert sum(len(rows) for rows in read.values()) > 900
    assert all(row.amount >= Money(0, row.amount.currency) for rows in read.values() for row in rows)
    assert not list(overlaps(read["dhl_parcel_de_services.csv"]))
