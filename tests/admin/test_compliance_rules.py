"""Compliance rules in the admin: what cannot be matched is refused, and a purchase can be tried."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from markets.cache import forget
from markets.models import ComplianceRule
from tests.admin.people import operator, text
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
TRY = "/admin/markets/compliancerule/try/"
ADD = "/admin/markets/compliancerule/add/"
ASKED = {
    "day": "2026-11-22",
    "market": "de",
    "country": "DE",
    "buyer": "consumer",
    "value": "200",
    "currency": "EUR",
    "flags": "age_18, knife",
}
ROW = {
    "code": "long-return",
    "market": "",
    "country": "DE",
    "priority": "0",
    "condition": '{"buyer": "consumer"}',
    "action": "return_days",
    "parameters": '{"days": 30}',
    "active": "on",
    "verification": "D",
    "sources": "[]",
}


@pytest.fixture
def desk() -> Client:
    small_world("de", "us")
    forget()
    return operator(
        "markets.view_compliancerule",
        "markets.add_compliancerule",
        "markets.change_compliancerule",
        "markets.view_market",
    )


def test_a_described_purchase_shows_what_fits_and_why(desk: Client) -> None:
    ComplianceRule.objects.create(code="general", action="return_days", parameters={"days": 14})
    ComplianceRule.objects.create(
        code="adult",
        action="age_check",
        condition={"flags": ["age_18"]},
        parameters={"age": 18},
        explanation="Adults only.",
        verification="M",
    )
    ComplianceRule.objects.create(
        code="longer", action="return_days", country_id="DE", parameters={"days": 30}, priority=5
    )
    ComplianceRule.objects.create(code="elsewhere", action="hold", country_id="US")
    forget()
    page = text(desk.get(TRY, ASKED))
    assert "Adults only." in page
    assert "not confirmed" in page
    assert "Because of: country DE" in page
    assert "no effect: longer goes first" in page
    assert "elsewhere" not in page
    over_there = text(desk.get(TRY, {**ASKED, "market": "us", "country": "US"}))
    assert "elsewhere" in over_there
    assert "longer" not in over_there


def test_nothing_fits_is_said(desk: Client) -> None:
    assert "No rule fits." in text(desk.get(TRY, ASKED))
    assert "Describe a purchase." in text(desk.get(TRY))
    wrong = desk.get(TRY, {**ASKED, "country": "XX"})
    assert wrong.status_code == 422
    assert 'value="age_18, knife"' in text(wrong)


def test_a_rule_is_written_and_its_change_is_on_record(desk: Client) -> None:
    assert desk.post(ADD, ROW).status_code == 302
    rule = ComplianceRule.objects.get()
    assert (rule.condition, rule.parameters) == ({"buyer": "consumer"}, {"days": 30})
    assert AuditEntry.objects.filter(action="compliancerule.create").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"condition": '{"colour": ["red"]}'}, "A condition cannot ask for “colour”."),
        ({"condition": '["DE"]'}, "Write an object"),
        ({"parameters": "{}"}, "The parameter “days” is missing."),
        ({"parameters": '{"days": "many"}'}, "“days” is a whole number."),
    ],
)
def test_a_rule_that_cannot_be_matched_is_refused(desk: Client, changes: dict[str, str], sentence: str) -> None:
    answer = desk.post(ADD, {**ROW, **changes})
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert not ComplianceRule.objects.exists()


def test_only_those_who_may_look_can_try(desk: Client) -> None:
    assert operator("markets.view_market").get(TRY).status_code == 403
    assert Client().get(TRY).status_code == 302


def test_more_rules_cost_no_more_queries(desk: Client) -> None:
    desk.get(TRY, ASKED)
    with CaptureQueriesContext(connection) as few:
        desk.get(TRY, ASKED)
    for number in range(8):
        ComplianceRule.objects.create(code=f"r{number}", action="hold", country_id="DE")
    forget()
    desk.get(TRY, ASKED)
    with CaptureQueriesContext(connection) as many:
        desk.get(TRY, ASKED)
    assert len(many) <= len(few)
