"""What a scanner types. Pure.

Scanners are keyboards: they type a code and press Enter. What they type for one and the same goods differs by how they
are set up, so a trade number counts as the same with and without the zeros before it (UPC-A is an EAN-13 with a zero),
inside a GS1 element string ("01" and 14 digits), and behind the mark of its symbology ("]E0"). Digits count as the same
in every script.
"""

import re
import unicodedata
from dataclasses import dataclass

_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_MANY = re.compile(r"^(\d{1,3})(?:\s*[*×]\s*|\s+x\s+)(\S.*)$", re.IGNORECASE)
_ELEMENT = re.compile(r"^\(?01\)?(\d{14})(?:\D.*|\d.*)?$", re.DOTALL)
_TOTE = re.compile(r"^([A-Z]+-\d+)/(\d{1,3})$")
_GTIN = frozenset({8, 12, 13, 14})
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A code, and of how many pieces it speaks ("12*4006381333931" are twelve)."""

    code: str
    pieces: int = 1


def read_scan(typed: str) -> Scan:
    """What was typed; an empty code for nothing. Never raises."""
    text = _SYMBOLOGY.sub("", plain(typed).strip().lstrip("\x1d")).strip()
    found = _MANY.match(text)
    if found and 0 < int(found[1]) <= MOST:
        return Scan(code=_trade_number(_SYMBOLOGY.sub("", found[2].strip())), pieces=int(found[1]))
    return Scan(code=_trade_number(text))


def plain(typed: str) -> str:
    """As a Latin keyboard would have typed it: with an Arabic or Japanese one set, scanners type other digits."""
    latin = unicodedata.normalize("NFKC", typed)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in latin)


def is_same(code: str, *, sku: str, gtin: str) -> bool:
    """Whether a read code names these goods: by their article number, whatever its case, or their trade number."""
    if not code:
        return False
    if code.casefold() in (sku.casefold(), plain(sku).casefold()):
        return True
    return bool(gtin) and is_trade_number(code) and code.lstrip("0") == gtin.lstrip("0")


def is_trade_number(code: str) -> bool:
    """Whether it has the form of a GTIN: 8, 12, 13 or 14 digits, the last of which checks the others."""
    if len(code) not in _GTIN or not (code.isascii() and code.isdigit()):
        return False
    return check_digit(code[:-1]) == int(code[-1])


def check_digit(digits: str) -> int:
    """The last digit of a GTIN whose others are these: weights 3 and 1 from the right (GS1 General Specifications)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def tote_of(typed: str) -> tuple[str, int] | None:
    """Number of the wave and of the tote, of what is printed on a tote's slip ("PW-12/3")."""
    found = _TOTE.match(plain(typed).strip().upper())
    return (found[1], int(found[2])) if found else None


def _trade_number(text: str) -> str:
    found = _ELEMENT.match(text)
    return found[1] if found and is_trade_number(found[1]) else text
