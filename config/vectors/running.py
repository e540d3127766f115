"""Run a file of worked cases and say which hold."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.errors import DomainError

Answer = Mapping[str, Any]
Asker = Callable[[Mapping[str, Any], date], Answer]


class NotOurs(Exception):
    """The case belongs to a part of the shop that this command does not ask; says why."""

    def __init__(self, reason: str = "nothing here answers such a question") -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Outcome:
    """What became of one case. `state` is `passed`, `failed` or `skipped`, the last for a `reason`."""

    case_id: str
    title: str
    state: str
    expected: Any = None
    answer: Any = None
    reason: str = ""


def run_file(path: Path, ask: Callable[[Mapping[str, Any]], Answer]) -> list[Outcome]:
    """The outcome of every case of a file, in its order. Raises `OSError`, `ValueError`, `KeyError`."""
    cases: Sequence[Mapping[str, Any]] = json.loads(path.read_text("utf-8"))["cases"]
    return [run_case(case, ask) for case in cases]


def run_case(case: Mapping[str, Any], ask: Callable[[Mapping[str, Any]], Answer]) -> Outcome:
    """One case: the answer of the shop's code is compared with what is expected of it."""
    question = {name: case[name] for name in ("group", "section", "input", "as_of") if name in case}
    try:
        answer: Any = ask(question)
    except NotOurs as other:
        return Outcome(case["id"], case["title"], "skipped", reason=other.reason)
    except DomainError as refusal:
        answer = {"error": refusal.code}
    state = "passed" if agrees(case["expected"], answer) else "failed"
    return Outcome(case["id"], case["title"], state, case["expected"], answer)


def agrees(expected: Any, answer: Any) -> bool:
    """Whether an answer says everything that is expected. Decimals are compared as numbers, everything else exactly."""
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and all(
            name in answer and agrees(value, answer[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(answer, (list, tuple))
            and len(expected) == len(answer)
            and all(agrees(one, two) for one, two in zip(expected, answer, strict=True))
        )
    if isinstance(answer, Decimal):
        return isinstance(expected, str) and Decimal(expected) == answer
    return type(expected) is type(answer) and bool(expected == answer)
