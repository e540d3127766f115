"""How much CPU a quote takes, with tax and duty by the shop's own tables. Printed; the budget is asserted.

Wall-clock time would measure the neighbours: what is counted is the processor time of this process.
"""

import statistics
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cart.quote import build_quote
from cart.snapshot import Snapshot
from cart.types import Quote
from config.vectors.borders import tariff
from config.vectors.world import SELLER, facts_with
from markets.duty.types import DutyRow
from tests.cart.worlds import line, parcel, snapshot, standard
from tests.markets.facts import market

pytestmark = pytest.mark.bench
ON = date(2026, 11, 22)
BUDGET = {1: 5.0, 10: 10.0, 50: 30.0}
"""Milliseconds of CPU by lines of the cart."""
ROUNDS = 40
PLACES = {"DE": ("EUR", "DE"), "GB": ("GBP", "DE"), "US": ("USD", "JP"), "CH": ("CHF", "DE")}
"""Destinations, their currency, and where the parcels start."""
CHAPTERS, CODES = 97, 60
"""As many duties as a real tariff has headings."""


def rows_of(country: str) -> list[DutyRow]:
    """A tariff for every chapter and many codes below."""
    codes = [f"{chapter:02}{code:02}" for chapter in range(1, CHAPTERS) for code in range(CODES)]
    plain = [tariff(country, "4.2", hs_prefix=code, rule_id=f"duty:{country}:{code}") for code in codes]
    return [tariff(country, "3.0"), *plain]


def cart_of(count: int, country: str) -> Snapshot:
    """So many different things in two parcels, duty paid with the order."""
    currency, start = PLACES[country]
    here = market(
        code=country.lower(), currency=currency, country=country, countries=(country,), seller=SELLER,
        duty_mode="prepay", rounding_level="line",
    )  # fmt: skip
    facts = facts_with(
        registrations=[("DE", "domestic"), ("DE", "oss")],
        rows=rows_of(country),
        exchange={"USD": "1.08", "GBP": "0.86", "CHF": "0.94", "JPY": "165"},
        on=ON,
    )
    categories = sorted(one for one in ("standard", "books", "food") if one in facts.tax.categories)
    lines = [
        line(
            number, unit=990 + 37 * number, quantity=1 + number % 4, currency=currency,
            tax_category=categories[number % len(categories)], hs_code=f"{1 + number % 96:02}{number % CODES:02}10",
            origin="JP",
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    half = (count + 1) // 2
    sent = tuple(replace(parcel(*part), country=start) for part in (lines[:half], lines[half:]) if part)
    more: dict[str, Any] = {"tax_facts": facts.tax, "duty_facts": facts.duty, "parcels": sent}
    return snapshot(*lines, here=here, delivery_options=(standard("9.90", currency=currency),), **more)


def measured(cart: Snapshot) -> tuple[float, Quote]:
    """Milliseconds of CPU of one quote in the middle of many."""
    found: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        quote = build_quote(cart)
        found.append((time.process_time() - began) * 1000)
    return statistics.median(found), quote


@pytest.mark.parametrize("country", sorted(PLACES))
def test_a_quote_with_tax_and_duty_stays_within_its_milliseconds(country: str) -> None:
    for count, budget in BUDGET.items():
        took, quote = measured(cart_of(count, country))
        assert quote.can_be_ordered, quote.problems
        assert len(quote.tax_lines) >= count
        assert quote.border.crosses == (country != "DE")
        print(f"\n{country}, {count:>2} lines: {took:5.2f} ms of CPU (budget {budget:.0f})")
        assert took < budget
