"""A supplier's price list as a table: read without the database, refused row by row.

Columns: `sku` (ours), `supplier_sku`, `cost` (a point before the decimals), and if wanted `moq`, `pack`, `lead_days`,
`preferred` (yes or no). The file is CSV as for stock feeds.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, exponent
from core.spreadsheets import plain
from inventory.buying.feed_reading import MOST_DAYS, MOST_PIECES, delimiter_of, text_of

NEEDED = ("sku", "supplier_sku", "cost")
FURTHER = ("moq", "pack", "lead_days", "preferred")
MOST_ROWS = 20_000
MOST_COST = Decimal(10**12)
YES, NO = frozenset({"yes", "1", "true"}), frozenset({"", "no", "0", "false"})


class RowWrong(DomainError):
    """One row cannot be right."""

    code = "ARTICLE_ROW"


@dataclass(frozen=True, kw_only=True)
class ArticleRow:
    """One article as the file says it."""

    number: int
    sku: str
    supplier_sku: str
    cost: Money
    moq: int
    pack: int
    lead_days: int | None
    is_preferred: bool


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """What could be read, and what is wrong with the rest, by row."""

    rows: tuple[ArticleRow, ...]
    problems: tuple[str, ...]


def read_articles(content: bytes, *, currency: str) -> PriceList:
    """The list. Raises `FeedUnreadable` for letters that cannot be read; everything else is a problem of a row."""
    reader = csv.DictReader(io.StringIO(text_of(content)), delimiter=delimiter_of(content))
    heading = [name.strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = heading
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        return PriceList(rows=(), problems=(_("The file has no column %(names)s.") % {"names": ", ".join(missing)},))
    rows: list[ArticleRow] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        cells = {name: plain((row.get(name) or "").strip()) for name in (*NEEDED, *FURTHER)}
        if number > MOST_ROWS:
            problems.append(_("More than %(most)d rows are too many for one file.") % {"most": MOST_ROWS})
            break
        try:
            rows.append(_article(number, cells, currency, seen))
        except RowWrong as wrong:
            problems.append(_("Row %(number)d: %(why)s") % {"number": number, "why": wrong})
    return PriceList(rows=tuple(rows), problems=tuple(problems))


def _article(number: int, cells: Mapping[str, str], currency: str, seen: set[str]) -> ArticleRow:
    for name in ("sku", "supplier_sku"):
        if not cells[name] or len(cells[name]) > 80:
            raise RowWrong(_("%(column)s is missing or too long.") % {"column": name})
    if cells["sku"] in seen:
        raise RowWrong(_("%(sku)s is there twice.") % {"sku": cells["sku"]})
    seen.add(cells["sku"])
    said = cells["preferred"].lower()
    if said not in YES | NO:
        raise RowWrong(_("preferred is yes or no."))
    return ArticleRow(
        number=number,
        sku=cells["sku"],
        supplier_sku=cells["supplier_sku"],
        cost=_cost(cells["cost"], currency),
        moq=_count(cells["moq"] or "1", "moq", least=1, most=MOST_PIECES),
        pack=_count(cells["pack"] or "1", "pack", least=1, most=MOST_PIECES),
        lead_days=_count(cells["lead_days"], "lead_days", least=0, most=MOST_DAYS) if cells["lead_days"] else None,
        is_preferred=said in YES,
    )


def _cost(text: str, currency: str) -> Money:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    digits = exponent(currency)
    if not amount.is_finite() or not 0 <= amount < MOST_COST or amount != round(amount, digits):
        told = {"text": text[:40], "currency": currency, "digits": digits}
        raise RowWrong(_("“%(text)s” is no price in %(currency)s (%(digits)d decimals at most).") % told)
    return Money(amount, currency)


def _count(text: str, name: str, *, least: int, most: int) -> int:
    if not text.isdecimal() or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise RowWrong(_("“%(text)s” is no number for %(column)s.") % {"text": text[:40], "column": name})
    return int(text)
