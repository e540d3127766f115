"""What an operation makes of a value. Pure.

Values are what JSON can hold: text, numbers as text, lists, yes or no, or nothing. `None` is "not filled in".
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

Value = Any
LARGEST = Decimal(10) ** 12


class Op(TextChoices):
    """The operations. Which of them a field knows is said by the field."""

    SET = "set", pgettext_lazy("operation on many rows", "Set to")
    CLEAR = "clear", pgettext_lazy("operation on many rows", "Clear")
    ADD = "add", pgettext_lazy("operation on many rows", "Add to the list")
    REMOVE = "remove", pgettext_lazy("operation on many rows", "Remove from the list")
    REPLACE = "replace", pgettext_lazy("operation on many rows", "Find and replace")
    PLUS = "plus", pgettext_lazy("operation on many rows", "Add a number")
    TIMES = "times", pgettext_lazy("operation on many rows", "Multiply by")


def result_of(op: str, old: Value, arguments: Mapping[str, Value], *, empty: Value = None, digits: int = 0) -> Value:
    """The value after the operation; the same value when the operation finds nothing to do.

    `empty` is what clearing leaves; numbers are rounded half-up to `digits` decimals, written as text.
    """
    if op == Op.SET:
        return arguments["value"]
    if op == Op.CLEAR:
        return empty
    if op == Op.REPLACE:
        return replaced(old, arguments) if isinstance(old, str) else old
    if op in {Op.ADD, Op.REMOVE}:
        return listed(op, old, arguments["value"])
    return calculated(op, old, Decimal(str(arguments["value"])), digits)


def replaced(text: str, arguments: Mapping[str, Value]) -> str:
    """`text` with every occurrence of `find` replaced; case counts unless `any_case` says otherwise."""
    find, words = str(arguments["find"]), str(arguments.get("replace", ""))
    if not arguments.get("any_case"):
        return text.replace(find, words)
    return re.sub(re.escape(find), lambda _found: words, text, flags=re.IGNORECASE)


def listed(op: str, old: Value, items: list[Value]) -> list[Value]:
    """A list with the items at its end, or without them; nothing stands in it twice."""
    now = list(old or [])
    if op == Op.ADD:
        return [*now, *(item for item in dict.fromkeys(items) if item not in now)]
    return [item for item in now if item not in items]


def calculated(op: str, old: Value, number: Decimal, digits: int) -> Value:
    """A number after adding or multiplying. What is not filled in stays so."""
    if old is None or old == "":
        return old
    before = Decimal(str(old))
    after = before + number if op == Op.PLUS else before * number
    if abs(after) >= LARGEST:
        return str(after)
    return str(after.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
