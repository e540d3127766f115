"""Sales tax by postal code: the sum of its parts where the seller is registered, a refusal where nobody knows it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.money import Money
from markets.cache import forget
from markets.errors import TaxRateNotFound
from markets.models import LegalEntity, PostalTaxRate, TaxRegistration
from markets.tax import TaxableLine, TaxQuestion, calculate_tax
from markets.tax.postal import postal_rate_for, tax_facts_at
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def california() -> Iterator[None]:
    small_world("us")
    parts = {"state_rate": "0.06", "county_rate": "0.0025", "city_rate": "0.0075", "special_rate": "0.035"}
    PostalTaxRate.objects.create(
        country_id="US", region="CA", postal_code="90001", name="Huntington Park", rate="0.105", **parts
    )
    forget()
    yield
    forget()


def register(region: str) -> None:
    seller = LegalEntity.objects.get()
    TaxRegistration.objects.create(legal_entity=seller, country_id="US", region=region, scheme="domestic")
    forget()


def tax(postal_code: str, region: str = "CA") -> tuple[Decimal, Money, str]:
    market = small_world("us")["us"]
    question = TaxQuestion(
        market=market,
        country="US",
        on=ON,
        lines=(TaxableLine("1", "standard", Money(100, "USD")),),
        shipping=Money(0, "USD"),
        region=region,
        postal_code=postal_code,
    )
    facts = tax_facts_at(ON, country="US", region=region, postal_code=postal_code)
    line = calculate_tax(question, facts)[0]
    return line.rate, line.amount, line.rule_id


def test_where_the_seller_has_nexus_the_code_decides_and_its_parts_are_known() -> None:
    register("CA")
    rate, amount, rule_id = tax("90001-2345")
    assert (rate, amount) == (Decimal("0.105"), Money("10.50", "USD"))
    found = postal_rate_for("US", "90001", ON)
    assert found is not None
    assert found.rule_id == rule_id
    assert sum(found.parts.values()) == found.rate
    assert found.parts["special"] == Decimal("0.035")


def test_a_code_nobody_knows_is_refused_and_never_takes_the_rate_of_the_state() -> None:
    register("CA")
    for unknown in ("90099", ""):
        with pytest.raises(TaxRateNotFound):
            tax(unknown)


def test_a_code_of_another_state_is_refused() -> None:
    PostalTaxRate.objects.create(country_id="US", region="TX", postal_code="73301", rate="0.0825", state_rate="0.0825")
    register("CA")
    with pytest.raises(TaxRateNotFound):
        tax("73301")


def test_without_nexus_nothing_is_collected_and_the_line_says_so() -> None:
    register("TX")
    rate, amount, _rule = tax("90001")
    assert (rate, amount) == (Decimal(0), Money(0, "USD"))


def test_a_warm_answer_costs_no_query() -> None:
    tax_facts_at(ON, country="US", region="CA", postal_code="90001")
    with CaptureQueriesContext(connection) as asked:
        tax_facts_at(ON, country="US", region="CA", postal_code="90001")
    assert len(asked) == 0
