"""Creditor references after ISO 11649: made, printed, and found again in what payers type. Pure.

The body has ten digits: banks' forms everywhere take digits, nobody mistakes an O for a 0, and the two check digits
find every single wrong digit and every two that changed places.
"""

import re
import secrets
from collections.abc import Iterator

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

BODY = 10
LENGTH = len("RF00") + BODY
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "B": "8"})
SEPARATORS = r"[\s./:,+-]*"
_MARKED = re.compile(rf"R{SEPARATORS}F(?:{SEPARATORS}[0-9OILSB]){{{BODY + 2}}}(?![0-9])")
_NOISE = re.compile(SEPARATORS)


def new_reference() -> str:
    """A reference nobody can guess from another one. Whether it is taken, the database says."""
    return reference_for("".join(secrets.choice("0123456789") for _ in range(BODY)))


def reference_for(body: str) -> str:
    """The body with its check digits before it. Raises `ValueError` for anything but ten digits."""
    if len(body) != BODY or not body.isdecimal() or not body.isascii():
        raise ValueError(body)
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def payout_reference(payout_id: int) -> str:
    """What a person writes into the transfer that sends money back, so that a statement shows which one it was."""
    return reference_for(f"{payout_id:0{BODY}d}")


def payout_ids_in(text: str) -> tuple[int, ...]:
    """The transfers to send whose references a text names. Only money that went out is about them."""
    return tuple(int(reference[4:]) for reference in references_in(text))


def printed(reference: str) -> str:
    """In groups of four, as it is read aloud."""
    return str(iso11649.format(reference))


def references_in(text: str) -> tuple[str, ...]:
    """Every reference of ours whose check digits are right, however it was spaced, cut or typed; each once.

    Letters that look like digits are read as digits, and the letters RF may be missing. A number with a typing error
    that breaks its check digits is not among them: guessing is left to people.
    """
    return tuple(dict.fromkeys(found for found in _candidates(text.upper()) if iso11649.is_valid(found)))


def _candidates(text: str) -> Iterator[str]:
    for match in _MARKED.finditer(text):
        yield "RF" + _NOISE.sub("", match.group())[2:].translate(LOOKALIKES)
    for digits in _runs(text, BODY + 2):
        yield f"RF{digits}"


def nearly(reference: str, text: str) -> bool:
    """Whether the text holds the reference with one digit wrong, missing or too much, or two that changed places.

    Only ever a hint for a person: the check digits said no.
    """
    digits = reference[2:]
    return any(_one_slip(digits, run) for length in (-1, 0, 1) for run in _runs(text, len(digits) + length))


def _runs(text: str, length: int) -> Iterator[str]:
    """Every run of so many digits that begins and ends where a number does, spaced or not. Runs may overlap: a
    number of something else may stand right before the reference."""
    found = re.finditer(rf"(?<![0-9])(?=([0-9](?:{SEPARATORS}[0-9]){{{length - 1}}})(?![0-9]))", text)
    return (_NOISE.sub("", match[1]) for match in found)


def _one_slip(wanted: str, typed: str) -> bool:
    if len(wanted) == len(typed):
        differing = [at for at, digit in enumerate(wanted) if typed[at] != digit]
        if len(differing) <= 1:
            return True
        first, last = differing[0], differing[-1]
        swapped = wanted[first] == typed[last] and wanted[last] == typed[first]
        return len(differing) == 2 and last == first + 1 and swapped
    longer, shorter = (wanted, typed) if len(wanted) > len(typed) else (typed, wanted)
    return len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )
