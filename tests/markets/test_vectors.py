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


def test_what_belongs_to_prices_and_numbers_holds_and_the_rest_is_named_not_passed() -> None:
    found = run_file(OTHER, ask)

    assert not [one.case_id for one in found if one.state == "failed"]
    assert sum(one.state == "passed" for one in found) >= 17
    assert {"PAY-001", "INV-001"} <= {one.case_id for one in found if one.state == "skipped"}


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

    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"cases": [CASES[0] | {"expected": {"amount": "0.00"}}]}), "utf-8")
    told = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_vectors", str(wrong), stdout=told)
    assert CASES[0]["id"] in told.getvalue()
    assert told.getvalue().splitlines()[-1] == "0 passed, 1 failed"
    with pytest.raises(CommandError):
        call_command("check_vectors", str(tmp_path / "none.json"))
