"""The worked cases beside the tests, by id."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "cases.json"


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(FILE.read_text("utf-8"))["cases"]}


def case(identifier: str) -> dict[str, Any]:
    return _all()[identifier]


def ids(prefix: str) -> list[str]:
    return [identifier for identifier in _all() if identifier.startswith(prefix)]
