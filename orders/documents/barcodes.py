"""Numbers that are printed as barcodes on papers. Pure."""

import re

from core.barcodes import code128

__all__ = ["code128", "is_item_number"]
_ITEM = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def is_item_number(value: str) -> bool:
    """Whether it is an item number of the posts (UPU S10), such as `RR473124829DE`: its check digit is right."""
    if not _ITEM.fullmatch(value):
        return False
    digits = [int(letter) for letter in value[2:11]]
    rest = 11 - sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)
