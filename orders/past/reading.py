"""From rows of a table to orders: those that follow each other under one number are one order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.places import country_named
from catalog.importers.formats import Row
from core.money import Money, UnknownCurrency, exponent
from orders.models import PastState
from orders.past.formats import PLACES, OrderFormat
from orders.past.types import ReadLine, ReadOrder

AMOUNTS = ("items_total", "discount_total", "shipping_total", "tax_total", "refunded_total")
MOST_LINES = 1_000
LONGEST_NUMBER = 80
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a file may not say: the currency, and where the clock of its times hangs."""

    currency: str
    zone: str


@dataclass(frozen=True)
class Group:
    """The rows of one order, in the order of the file. `is_again`: the number stood in an earlier place too."""

    number: str
    rows: tuple[Row, ...]
    is_again: bool = False

    @property
    def lines(self) -> list[int]:
        """Where they stand in the file."""
        return [row.line for row in self.rows]


def groups_of(rows: Iterator[Row]) -> Iterator[Group]:
    """One group per order, holding only one at a time; of those before, eight bytes each are remembered."""
    seen: set[int] = set()
    held: list[Row] = []
    for row in rows:
        if held and row.get("number").strip() != held[0].get("number").strip():
            yield _group(held, seen)
            held = []
        held.append(row)
    if held:
        yield _group(held, seen)


def _group(rows: list[Row], seen: set[int]) -> Group:
    number = rows[0].get("number").strip()
    mark = hash(number)
    is_again = mark in seen
    seen.add(mark)
    return Group(number, tuple(rows), is_again)


def read_group(group: Group, reading: OrderFormat, setting: Setting) -> tuple[ReadOrder, list[RowProblem]]:
    """The order, and what there is to note. Raises `RowsRefused` with everything that is wrong with it."""
    problems: list[RowProblem] = []
    head = Cells(group.rows[0], problems)
    _check_place(group, head)
    currency = _currency(head, setting)
    placed = head.read("placed_at", lambda text: _moment(text, setting.zone))
    state, said = _state(head, reading)
    total = _needed(head, "total", currency)
    amounts = {code: head.rounded_price(code, currency) for code in AMOUNTS}
    lines = [_line(Cells(row, problems, head.notes), currency) for row in group.rows]
    refunded = amounts["refunded_total"]
    if total is not None and refunded is not None and refunded > total:
        head.wrong("refunded_total", _("More was refunded than the order cost."))
    if problems or placed is None or total is None:
        raise RowsRefused(*problems)
    order = ReadOrder(
        platform=slugify(head.text("platform"))[:20] or reading.platform,
        number=group.number,
        placed_at=placed,
        state=_ended(state, total, refunded),
        state_words=said[:120],
        currency=currency,
        total=total,
        country=_country(head),
        email=_email(head),
        name=(_name(head, "ship") or _name(head, "bill"))[:200],
        phone=(head.text("ship_phone") or head.text("bill_phone"))[:40],
        addresses={kind: found for kind in ("ship", "bill") if (found := _address(head, kind))},
        **amounts,
        payment_words=head.text("payment_words")[:120],
        delivery_words=head.text("delivery_words")[:120],
        lines=tuple(line for line in lines if line is not None),
    )
    return order, head.notes


def _check_place(group: Group, head: Cells) -> None:
    if not group.number:
        head.wrong("number", _("The order has no number."))
    if len(group.number) > LONGEST_NUMBER:
        head.wrong("number", _("The number is too long."))
    if group.is_again:
        head.wrong("number", _("This order stands in another place of the file too. Sort the file by order."))
    if len(group.rows) > MOST_LINES:
        head.wrong("number", _("The order has more than %(most)d lines.") % {"most": MOST_LINES})


def _currency(head: Cells, setting: Setting) -> str:
    code = head.text("currency").upper() or setting.currency
    try:
        exponent(code)
    except UnknownCurrency:
        head.wrong("currency", _("“%(code)s” is not a currency.") % {"code": code})
        return setting.currency
    return code


def _needed(cells: Cells, code: str, currency: str) -> Money | None:
    found = cells.rounded_price(code, currency)
    if found is None and not cells.text(code):
        cells.wrong(code, _("The amount is missing."))
    return found


def _moment(text: str, zone: str) -> datetime:
    """ISO days and times, also with the offset behind a space; without one they are of the chosen zone."""
    try:
        found = parse_datetime(text)
        day = parse_date(text) if found is None else None
    except ValueError:
        found = day = None
    if day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (its zone comes below)
    if found is None:
        raise ValueError(_("“%(text)s” is not a date. Write it like 2025-12-31.") % {"text": text})
    known = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    if known < EARLIEST:
        raise ValueError(_("“%(text)s” is too long ago.") % {"text": text})
    return known.astimezone(UTC)


def _state(head: Cells, reading: OrderFormat) -> tuple[str, str]:
    """Our word for how it ended, and theirs. A word nobody knows is refused: it may mean that nothing was sold."""
    told = head.text("state")
    said = " · ".join(part for part in (told, head.text("fulfillment")) if part)
    if head.text("canceled_at"):
        return PastState.CANCELED, said
    plain = " ".join(told.lower().replace("-", " ").split()).removeprefix("wc ")
    found = reading.states.get(plain)
    if found is None:
        known = ", ".join(reading.states)
        head.wrong("state", _("Nobody knows this state here. Known are: %(known)s.") % {"known": known})
        return PastState.OPEN, said
    if found == PastState.DONE and head.text("fulfillment") in ("unfulfilled", "partial"):
        return PastState.OPEN, said
    return found, said


def _ended(state: str, total: Money, refunded: Money | None) -> str:
    if state == PastState.DONE and refunded is not None and refunded.amount:
        return PastState.REFUNDED if refunded == total else PastState.PARTLY_REFUNDED
    return state


def _line(cells: Cells, currency: str) -> ReadLine | None:
    name = cells.text("item_name")
    quantity = cells.quantity("item_quantity")
    if not name and not cells.text("item_quantity"):
        return None
    if not name:
        cells.wrong("item_name", _("The line has no name."))
    if not quantity:
        if quantity == 0 or not cells.text("item_quantity"):
            cells.wrong("item_quantity", _("The line has no pieces."))
        return None
    return ReadLine(
        name=name[:300],
        sku=cells.text("item_sku")[:100],
        quantity=quantity,
        unit_price=cells.rounded_price("item_price", currency),
        line_total=cells.rounded_price("item_total", currency),
    )


def _email(head: Cells) -> str:
    """The address; one that is none is left out, for no member could prove to own it."""
    text = head.text("email")
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        head.note("email", _("This is not an email address and was left out."))
        return ""
    return text[:254]


def _country(head: Cells) -> str:
    for kind in ("ship", "bill"):
        text = head.text(f"{kind}_country")
        try:
            if text:
                return country_named(text) or ""
        except ValueError:
            head.note(f"{kind}_country", _("Nobody knows this country here, and it was left out."))
    return ""


def _name(head: Cells, kind: str) -> str:
    first_last = f"{head.text(f'{kind}_first')} {head.text(f'{kind}_last')}".strip()
    return head.text(f"{kind}_name") or first_last


def _address(head: Cells, kind: str) -> list[str]:
    """Printed lines, as the platform has them."""
    town = " ".join(part for part in (head.text(f"{kind}_postal").lstrip("'"), head.text(f"{kind}_city")) if part)
    lines = [
        _name(head, kind),
        head.text(f"{kind}_company"),
        head.text(f"{kind}_street"),
        head.text(f"{kind}_extra"),
        town,
        head.text(f"{kind}_region"),
        head.text(f"{kind}_country"),
    ]
    return [line[:200] for line in lines if line] if any(head.text(f"{kind}_{part}") for part in PLACES) else []
