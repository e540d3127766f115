"""MT940, the older statement of the S.W.I.F.T. network: tags 25, 28C, 60F/M, 61, 86 and 62F/M.

Field 86 comes as free text, with `?20`-style subfields (German banks and their neighbours) or with `/CODE/` words.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from core.money import Money
from payments.statements.camt import NAMELESS, money
from payments.statements.types import ReadBalance, ReadLine, ReadStatement, StatementUnreadable, sortable

_TAG = re.compile(r"^:(\d{2}[A-Z]?):(.*)$")
_BALANCE = re.compile(r"^(?P<side>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d[\d,]*)")
_MOVE = re.compile(
    r"^(?P<value>\d{6})(?P<entry>\d{4})?(?P<side>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d+,\d*)"
    r"(?P<type>[A-Z][A-Z0-9]{3})(?P<own>[^\n/]{0,16}(?:/(?!/)[^\n/]*)*)(?://(?P<bank>[^\n]{0,34}))?"
)
_SUBFIELD = re.compile(r"\?(\d{2})")
_WORD = re.compile(r"/([A-Z]{3,4})/")
_PURPOSE = re.compile(r"\b(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
OPENINGS, CLOSINGS = ("60F", "60M"), ("62F", "62M")


def is_mt940(content: bytes) -> bool:
    """Whether the text has the tags that every such statement has."""
    return re.search(rb"(?m)^:20:", content) is not None and re.search(rb"(?m)^:60[FM]:", content) is not None


def read_mt940(text: str) -> tuple[ReadStatement, ...]:
    """Every statement of the file. Raises `StatementUnreadable`."""
    found = tuple(_statement(fields) for fields in _messages(_fields(text)))
    if not found:
        raise StatementUnreadable(_("The file holds no bank statement."))
    return found


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Tags with their content; lines that begin with no tag continue the one before."""
    tag, content = "", []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        opened = _TAG.match(line)
        if opened is None and not line.startswith(("-", "{", "}")) and tag:
            content.append(line)
            continue
        if tag:
            yield tag, "\n".join(content).rstrip()
        tag, content = (opened[1], [opened[2]]) if opened else ("", [])
    if tag:
        yield tag, "\n".join(content).rstrip()


def _messages(fields: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    message: list[tuple[str, str]] = []
    for tag, content in fields:
        if tag == "20" and message:
            yield message
            message = []
        message.append((tag, content))
    if message:
        yield message


def _statement(fields: list[tuple[str, str]]) -> ReadStatement:
    account = next((content.strip() for tag, content in fields if tag == "25"), "")
    opening, closing = _balance(fields, OPENINGS), _balance(fields, CLOSINGS)
    named = opening or closing
    if named is None:
        raise StatementUnreadable(_("The statement does not name its currency."))
    currency = named.amount.currency.code
    lines = []
    for at, (tag, content) in enumerate(fields):
        if tag == "61":
            told = fields[at + 1][1] if at + 1 < len(fields) and fields[at + 1][0] == "86" else ""
            lines.append(_line(content, told, currency))
    number, _sep, page = next((content.strip() for tag, content in fields if tag in ("28C", "28")), "").partition("/")
    return ReadStatement(
        format="mt940",
        account=account,
        lines=tuple(lines),
        number=sortable(number, page),
        opening=opening,
        closing=closing,
    )


def _balance(fields: list[tuple[str, str]], tags: tuple[str, str]) -> ReadBalance | None:
    """The balance under one of the tags. None where there is none."""
    for tag, content in fields:
        found = _BALANCE.match(content) if tag in tags else None
        if found is not None:
            return ReadBalance(
                _booked_on(found["day"], None), _amount(found["amount"], found["side"], found["currency"])
            )
    return None


def _line(move: str, told: str, currency: str) -> ReadLine:
    found = _MOVE.match(move)
    if found is None:
        sentence = _("This line of the statement cannot be read: %(line)s")
        raise StatementUnreadable(sentence % {"line": move.partition("\n")[0][:60]})
    own = (found["own"] or "").strip()
    return ReadLine(
        booked_on=_booked_on(found["value"], found["entry"]),
        amount=_amount(found["amount"], found["side"], currency),
        bank_id=_named((found["bank"] or "").strip()),
        **({"end_to_end": _named(own)} | _told(told)),
    )


def _named(written: str) -> str:
    return "" if written in NAMELESS | {"NONREF"} else written


def _amount(written: str, side: str, currency: str) -> Money:
    """`C` came in and `D` went out; `RC` takes back what came, `RD` what went."""
    plain = written.replace(",", ".")
    return money(f"{plain}0" if plain.endswith(".") else plain, currency, is_negative=side in ("D", "RC"))


def _booked_on(value: str, entry: str | None) -> date:
    """The entry date has no year: it is the one that lies nearest to the value date."""
    try:
        when = date(2000 + int(value[:2]), int(value[2:4]), int(value[4:]))
        if not entry:
            return when
        month, day = int(entry[:2]), int(entry[2:])
        near = [
            date(year, month, day) for year in (when.year - 1, when.year, when.year + 1) if _exists(year, month, day)
        ]
        return min(near, key=lambda one: abs(one - when))
    except ValueError:
        raise StatementUnreadable(_("“%(value)s” is not a date.") % {"value": f"{value}{entry or ''}"}) from None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _told(written: str) -> dict[str, str]:
    """What field 86 says, by where it belongs; words without a place are the purpose."""
    joined = written.replace("\n", "")
    if _SUBFIELD.search(joined):
        return _of_subfields(joined)
    if _WORD.search(joined):
        return _of_words(joined)
    return {"remittance": " ".join(written.split())}


def _of_subfields(joined: str) -> dict[str, str]:
    pieces = _SUBFIELD.split(joined)
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=False))
    purpose = "".join(_joint(parts.get(f"{number}", "")) for number in (*range(20, 30), *range(60, 64)))
    said = {
        "remittance": purpose.strip(),
        "payer": f"{parts.get('32', '')}{parts.get('33', '')}".strip(),
        "payer_account": parts.get("31", "").strip(),
    }
    return {name: value for name, value in (said | _of_purpose(purpose)).items() if value}


def _joint(piece: str) -> str:
    """A purpose is cut every 27 letters wherever that falls, so its pieces are put together without a space; only a
    word like `SVWZ+` begins anew."""
    return f" {piece}" if _PURPOSE.match(piece) else piece


def _of_purpose(purpose: str) -> dict[str, str]:
    pieces = _PURPOSE.split(purpose)
    parts = dict(zip(pieces[1::2], (piece.strip() for piece in pieces[2::2]), strict=False))
    found = {"remittance": parts.get("SVWZ", ""), "end_to_end": _named(parts.get("EREF", ""))}
    return {name: value for name, value in found.items() if value}


def _of_words(joined: str) -> dict[str, str]:
    pieces = _WORD.split(joined)
    parts = dict(zip(pieces[1::2], (piece.strip(" /") for piece in pieces[2::2]), strict=False))
    found = {
        "remittance": parts.get("REMI", ""),
        "end_to_end": _named(parts.get("EREF", "")),
        "payer": parts.get("NAME", "") or parts.get("ORDP", ""),
        "payer_account": parts.get("IBAN", ""),
    }
    kept = {name: value for name, value in found.items() if value}
    return kept if kept.get("remittance") else kept | {"remittance": " ".join(joined.split())}
