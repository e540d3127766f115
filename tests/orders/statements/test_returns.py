"""Returns to the one-stop shop, without a database: what is a supply, what corrects, what is rounded when."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from orders.statements.periods import TaxPeriod
from orders.statements.returns import Declared, ReturnIncomplete, UnionReturn, must_be_complete, union_return
from orders.statements.writers import return_csv

Q3 = TaxPeriod(first=date(2026, 7, 1), last=date(2026, 9, 30))
RATES = {("SEK", date(2026, 9, 30)): Decimal("11.00"), ("SEK", date(2026, 6, 30)): Decimal("10.00")}


def said(tax: int, *, net: int = 0, on: date = date(2026, 8, 1), country: str = "FR", **more: object) -> Declared:
    told: dict[str, object] = {
        "country": country, "sent_from": "DE", "supply": "goods", "is_reduced": False, "rate": Decimal("0.2"),
        "supplied_on": on, "currency": "EUR", "net": net or tax * 5, "tax": tax,
    }  # fmt: skip
    return Declared(**{**told, **more})


def returned(*declared: Declared) -> UnionReturn:
    return union_return(declared, scheme="oss", period=Q3, rate_of=lambda currency, day: RATES.get((currency, day)))


@pytest.mark.parametrize(
    ("code", "scheme", "first", "last", "due"),
    [
        ("2026-Q1", "oss", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 30)),
        ("2026-Q4", "oss", date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 31)),
        ("2028-02", "ioss", date(2028, 2, 1), date(2028, 2, 29), date(2028, 3, 31)),
    ],
)
def test_a_period_is_read_from_its_code(code: str, scheme: str, first: date, last: date, due: date) -> None:
    found = TaxPeriod.read(code, scheme)
    assert found is not None
    assert (found.first, found.last, found.due_on, found.code) == (first, last, due, code)


@pytest.mark.parametrize("code", ["2026-Q5", "2026-07", "0000-Q1", "", "2026"])
def test_what_is_no_quarter_is_not_read_as_one(code: str) -> None:
    assert TaxPeriod.read(code, "oss") is None


def test_rows_are_per_member_state_place_of_dispatch_kind_and_rate() -> None:
    found = returned(said(100), said(20), said(7, country="AT"), said(5, supply="services"), said(3, sent_from="NL"))
    told = {(one.country, one.sent_from, one.supply): one.tax.amount for one in found.rows}
    assert told == {
        ("AT", "DE", "goods"): Decimal("0.07"),
        ("FR", "DE", "goods"): Decimal("1.20"),
        ("FR", "DE", "services"): Decimal("0.05"),
        ("FR", "NL", "goods"): Decimal("0.03"),
    }
    assert found.corrections == ()


def test_a_credit_note_about_an_earlier_quarter_corrects_that_quarter_and_not_this_one() -> None:
    found = returned(said(500), said(-200, on=date(2026, 6, 30)))
    assert [one.tax for one in found.rows] == [Money("5.00", "EUR")]
    assert [(one.period.code, one.country, one.tax) for one in found.corrections] == [
        ("2026-Q2", "FR", Money("-2.00", "EUR"))
    ]
    assert found.balances == {"FR": Money("3.00", "EUR")}


def test_a_claim_against_one_member_state_does_not_lessen_what_another_gets() -> None:
    found = returned(said(500), said(-200, country="AT", on=date(2026, 6, 30)))
    assert found.balances == {"AT": Money("-2.00", "EUR"), "FR": Money("5.00", "EUR")}
    assert found.total == Money("5.00", "EUR")


def test_corrections_end_three_years_after_the_return_was_due() -> None:
    still, over = said(-100, on=date(2023, 6, 30)), said(-100, on=date(2023, 3, 31))
    found = returned(still, over)
    assert [one.period.code for one in found.corrections] == []
    assert [one.period.code for one in found.too_old] == ["2023-Q1", "2023-Q2"]
    second = TaxPeriod(first=date(2026, 4, 1), last=date(2026, 6, 30))
    assert TaxPeriod.holding(date(2023, 6, 30), "oss").can_be_corrected_in(second)
    assert not second.can_be_corrected_in(second)


def test_each_period_is_exchanged_by_its_own_closing_rate_and_each_row_rounded_once() -> None:
    kronor = {"currency": "SEK"}
    found = returned(said(1000, **kronor), said(1005, **kronor), said(-1000, on=date(2026, 5, 1), **kronor))
    assert [one.tax for one in found.rows] == [Money("1.82", "EUR")]  # 20.05 / 11 = 1.8227
    assert [one.tax for one in found.corrections] == [Money("-1.00", "EUR")]


def test_without_a_rate_nothing_is_handed_out_and_the_currency_is_named() -> None:
    found = returned(said(1000, currency="PLN"), said(100))
    assert found.missing == (("PLN", date(2026, 9, 30)),)
    with pytest.raises(ReturnIncomplete) as refused:
        must_be_complete(found)
    assert "PLN" in str(refused.value)
    with pytest.raises(ReturnIncomplete):
        return_csv(found)


def test_the_file_holds_supplies_corrections_and_balances() -> None:
    found = returned(said(500), said(-200, on=date(2026, 6, 30)))
    rows = list(csv.DictReader(io.StringIO(return_csv(found).decode("utf-8-sig"))))
    assert [(row["part"], row["corrected_period"], row["vat_amount"]) for row in rows] == [
        ("supplies", "", "5.00"),
        ("corrections", "2026-Q2", "-2.00"),
        ("balance", "", "3.00"),
    ]
    assert (rows[0]["rate_percent"], rows[0]["taxable_amount"]) == ("20", "25.00")


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**7), 10**7),
            st.sampled_from(["FR", "AT", "IT"]),
            st.dates(date(2024, 1, 1), date(2026, 9, 30)),
        ),
        max_size=30,
    )
)
def test_in_euro_nothing_is_lost_between_supplies_corrections_and_what_is_too_late(
    told: list[tuple[int, str, date]],
) -> None:
    found = returned(*(said(tax, net=1, country=country, on=day) for tax, country, day in told))
    declared = sum((one.tax.amount for one in (*found.rows, *found.corrections, *found.too_old)), Decimal(0))
    assert declared == Decimal(sum(tax for tax, _country, _day in told)) / 100
    assert sum((owed.amount for owed in found.balances.values()), Decimal(0)) == sum(
        (one.tax.amount for one in (*found.rows, *found.corrections)), Decimal(0)
    )
