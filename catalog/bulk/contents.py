"""How much is in a variant, amount and unit together: the one says nothing without the other."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.bulk.columns import Refused, Row, Values, store
from catalog.bulk.operations import Value
from catalog.models import Variant

WRITTEN = re.compile(r"\s*([0-9]{1,7}(?:[.,][0-9]{1,3})?)\s*([A-Za-z]{1,2})\s*")
LARGEST = Decimal(10) ** 7


def read_content(text: str) -> tuple[Decimal, str] | None:
    """Amount and unit of "500 ml" or "0,75 l"; nothing for what does not read as that."""
    found = WRITTEN.fullmatch(text)
    if found is None or found[2].lower() not in Variant.ContentUnit.values:
        return None
    amount = Decimal(found[1].replace(",", "."))
    return (amount, found[2].lower()) if 0 < amount < LARGEST else None


@dataclass(frozen=True)
class ContentColumn:
    """The content as one text; empty for none."""

    empty: Value = ""
    digits: int = 0

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """As "500 ml"."""
        return {row.pk: _text(row) for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """An amount above zero and a unit the shop knows."""
        known = ", ".join(Variant.ContentUnit.values)
        told = _("“%(value)s” is not a content. Write an amount and one of these units: %(units)s.")
        return {
            pk: told % {"value": value, "units": known}
            for pk, value in values.items()
            if value and read_content(str(value)) is None
        }

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """Both columns in one statement."""
        changed = [row for row in rows if row.pk in values]
        for row in changed:
            found = read_content(str(values[row.pk] or ""))
            row.content_amount, row.content_unit = found or (None, "")
        store(changed, ["content_amount", "content_unit"])

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """They are words already."""
        return {}


def _text(row: Variant) -> str:
    if row.content_amount is None:
        return ""
    return f"{row.content_amount.normalize():f} {row.content_unit}"
