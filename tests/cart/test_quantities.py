"""What can be typed into a quantity field."""

import pytest

from cart.quantities import allowed_quantity, read_quantity
from cart.types import CartProblem


@pytest.mark.parametrize(("typed", "number"), [("1", 1), (" 12 ", 12), ("٣", 3), ("１２", 12), ("0", 0), ("999", 999)])
def test_numbers_of_any_script_are_read(typed: str, number: int) -> None:
    assert read_quantity(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "-1", "1.5", "1e3", "NaN", "Infinity", "abc", "1000", "9" * 400, "1;DROP TABLE", "0x10", "½", "\x00"],
)
def test_anything_else_is_answered_with_a_sentence(typed: str) -> None:
    answer = read_quantity(typed)

    assert isinstance(answer, CartProblem)
    assert answer.message


@pytest.mark.parametrize(
    ("wanted", "available", "limit", "expected"),
    [
        (2, 10, None, (2, "")),
        (12, 10, None, (10, "STOCK_SHORT")),
        (12, 10, 3, (3, "PURCHASE_LIMIT")),
        (12, 2, 3, (2, "STOCK_SHORT")),
        (1, 0, None, (0, "SOLD_OUT")),
        (1, -4, None, (0, "SOLD_OUT")),
        (5000, 10_000, None, (999, "PURCHASE_LIMIT")),
    ],
)
def test_no_more_than_can_be_had(wanted: int, available: int, limit: int | None, expected: tuple[int, str]) -> None:
    allowed = allowed_quantity(wanted, available=available, limit=limit)

    assert (allowed.quantity, allowed.code) == expected
