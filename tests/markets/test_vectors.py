"""The worked cases of tax, duty and exchange hold, and the runner tells when one does not."""

import json
from copy import deepcopy
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.vectors.asking import ask
from config.vectors.running import agrees, run_case, run_file
from tests.factories.markets import demo_markets

DATA = Path(__file__).parent / "data"
TAX = DATA / "vectors_tax_duty.json"
OTHER = DATA / "vectors_other.json"
UNION = DATA / "vectors_union.json"
CASES = json.loads(TAX.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_of_tax_and_duty_holds(case: dict[str, Any]) -> None:
    found = run_case(case, ask)

    assert (found.state, found.answer) == ("passed", found.answer), found.expected


def test_every_case_of_tax_and_duty_is_asked() -> None:
    assert len(CASES) == 94
    assert {one.state for one in run_file(TAX, ask)} == {"passed"}


@pytest.mark.parametrize("case", json.loads(UNION.read_text("utf-8"))["cases"], ids=lambda case: str(case["id"]))
def test_a_worked_case_of_the_unions_limit_holds(case: dict[str, Any]) -> None:
    found = run_case(case, ask)

    assert (found.state, found.answer) == ("passed", found.answer), found.expected


@pytest.mark.django_db
def test_all_that_belongs_here_holds_and_the_rest_is_named_with_a_reason() -> None:
    """Prices, customs papers, addresses, formats and markets belong here."""
    demo_markets()
    found = run_file(OTHER, ask)

    assert not [(one.case_id, one.answer) for one in found if one.state == "failed"]
    skipped = {one.case_id: one.reason for one in found if one.state == "skipped"}
    assert all(skipped.values())
    assert {name.partition("-")[0] for name in skipped} == {"CON", "LOG", "DOC", "INV", "PRI", "PAY"}
    assert {name for name in skipped if name.startswith(("CON", "DOC"))} == {"CON-010", "CON-011", "DOC-007"}


@pytest.mark.django_db
def test_an_answer_about_a_place_that_is_not_the_expected_one_fails() -> None:
    demo_markets()
    cases = {case["id"]: case for case in json.loads(OTHER.read_text("utf-8"))["cases"]}
    for identifier in ("ADR-001", "ADR-004", "ADR-005", "DOC-004", "L10-001", "MKT-001", "MKT-003"):
        case = cases[identifier]
        assert run_case(case, ask).state == "passed", identifier

        assert run_case(case | {"expected": _altered(case["expected"])}, ask).state == "failed", identifier


@pytest.mark.django_db
def test_a_shop_without_markets_is_not_asked_which_one_serves_a_country() -> None:
    case = next(one for one in json.loads(OTHER.read_text("utf-8"))["cases"] if one["id"] == "MKT-001")

    found = run_case(case, ask)

    assert (found.state, found.reason) == ("skipped", "no market of this shop is open that could be asked")


def _altered(value: Any) -> Any:
    """Another value of the same shape."""
    if isinstance(value, dict):
        return {name: _altered(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_altered(one) for one in value]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    try:
        return str(Decimal(value) + 1)
    except (ArithmeticError, TypeError):
        return f"{value}?"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_answer_that_is_not_the_expected_one_fails(case: dict[str, Any]) -> None:
    wrong = deepcopy(case) | {"expected": _altered(case["expected"])}

    assert run_case(wrong, ask).state == "failed"


@pytest.mark.parametrize(
    ("expected", "answer", "holds"),
    [
        ({"a": "1.00"}, {"a": "1.00", "b": 2}, True),
        ({"a": "1.00"}, {"a": "1.0"}, False),
        ({"a": "1.00"}, {"a": Decimal("1.0")}, True),
        ({"a": True}, {"a": 1}, False),
        ({"a": ["1", "2"]}, {"a": ["1"]}, False),
        ({"a": None}, {}, False),
    ],
)
def test_answers_are_compared_key_by_key(expected: Any, answer: Any, holds: bool) -> None:
    assert agrees(expected, answer) is holds


def test_the_command_prints_failures_and_ends_with_the_count(tmp_path: Path) -> None:
    told = StringIO()
    call_command("check_vectors", str(TAX), stdout=told)
    assert told.getvalue().splitlines()[-1] == "94 passed, 0 failed"

    invoice = tmp_path / "invoice.json"
    invoice.write_text(json.dumps({"cases": [{"id": "X-1", "title": "", "section": "6", "input": {}}]}), "utf-8")
    told = StringIO()
    call_command("check_vectors", str(invoice), stdout=told)
    assert "Not asked (1), papers with numbers need an order that was paid: X-1" in told.getvalue()

    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"cases": [CASES[0] | {"expected": {"amount": "0.00"}}]}), "utf-8")
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_vectors", str(wrong), stdout=told)
    assert CASES[0]["id"] in told.getvalue()
    assert told.getvalue().splitlines()[-1] == "0 passed, 1 failed"
    with pytest.raises(CommandError):
        call_command("check_vectors", str(tmp_path / "none.json"))
