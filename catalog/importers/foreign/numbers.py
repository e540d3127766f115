"""Yes, no and JSON as other systems write them. Never a float on the way."""

import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

YES = {"1", "true", "yes", "y", "on", "x", "是"}
NO = {"0", "false", "no", "n", "off", "-1", "否"}


def flag(text: str, *, default: bool) -> bool:
    """Yes or no in the words systems export; an empty cell is `default`. Raises `ValueError` with a sentence."""
    plain = text.strip().lower()
    if not plain:
        return default
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text})


def exact_json(text: str | bytes) -> Any:
    """JSON with numbers as `Decimal`. Raises `ValueError`."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)


def as_text(value: object) -> str:
    """A JSON value as a cell: `None` is empty, `True` is `true`, 12.50 is `12.50`, 3E+1 is `30`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value).strip()


def _no_number(word: str) -> None:
    raise ValueError(_("“%(text)s” is not a number.") % {"text": word})
