"""References: made right, printed, found again in what payers type, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from payments.providers.bank.references import nearly, new_reference, printed, reference_for, references_in

bodies = st.text("0123456789", min_size=10, max_size=10)


@given(bodies)
def test_every_reference_is_a_valid_creditor_reference_and_finds_itself(body: str) -> None:
    reference = reference_for(body)
    assert iso11649.is_valid(reference)
    assert len(reference) == 14
    for typed in (reference, printed(reference), reference.lower(), f"Order 7, {printed(reference)} thanks"):
        assert references_in(typed) == (reference,)


@given(bodies, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_never_taken_for_the_reference_and_is_noticed(body: str, at: int, by: int) -> None:
    reference = reference_for(body)
    digits = reference[2:]
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert reference not in references_in(f"RF{wrong}")
    assert nearly(reference, f"RF{wrong}")


@given(bodies, st.integers(0, 10))
def test_two_digits_that_changed_places_are_noticed_and_not_taken(body: str, at: int) -> None:
    reference = reference_for(body)
    digits = reference[2:]
    if digits[at] == digits[at + 1]:
        return
    wrong = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert references_in(f"RF{wrong}") == ()
    assert nearly(reference, f"RF{wrong}")


@pytest.mark.parametrize("shape", ["RF{}", "rf {}", "Ref. R F {}", "{}", "/RFB/RF{}", "Rechnung 77 {}"])
def test_the_reference_is_found_however_it_is_written(shape: str) -> None:
    reference = reference_for("1234567890")
    digits = reference[2:]
    assert references_in(shape.format(digits)) == (reference,)
    assert references_in(shape.format(f"{digits[:4]} {digits[4:8]}\n{digits[8:]}")) == (reference,)


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    reference = reference_for("0011558800")
    typed = "RF" + reference[2:].replace("0", "O").replace("1", "l").replace("5", "S").replace("8", "B")
    assert references_in(typed) == (reference,)


@pytest.mark.parametrize(
    "text", ["", "Thank you!", "RF", "2026-11-22", "RF1812345678901234567890", "NL91ABNA0417164300"]
)
def test_words_without_a_reference_name_none(text: str) -> None:
    assert references_in(text) == ()


@pytest.mark.parametrize("body", ["123", "12345678901", "12345 7890", "١٢٣٤٥٦٧٨٩٠", "ABCDEFGHIJ"])
def test_a_body_of_another_shape_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        reference_for(body)


def test_references_differ_from_one_another() -> None:
    assert len({new_reference() for _ in range(200)}) == 200
