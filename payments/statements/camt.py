"""CAMT.053, the bank statement of ISO 20022, in any of its versions. Only booked entries are money.

A batch (one entry with several transactions) is read transaction by transaction where their amounts add up to it.
"""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, exponent
from payments.statements.types import ReadBalance, ReadLine, ReadStatement, StatementUnreadable, sortable

ROOT = "BkToCstmrStmt"
NAMELESS = frozenset({"", "NOTPROVIDED"})


def is_camt(content: bytes) -> bool:
    """Whether this is XML that calls itself a bank statement. Nothing is parsed yet."""
    return content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and ROOT.encode() in content


def read_camt(content: bytes) -> tuple[ReadStatement, ...]:
    """Every statement of the file. Raises `StatementUnreadable`, also for a document with a DTD or entities."""
    try:
        root = parse(io.BytesIO(content), forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise StatementUnreadable(_("The file defines entities of its own. No bank writes such statements.")) from None
    except (ParseError, ValueError, LookupError) as broken:
        raise StatementUnreadable(_("The file is not well-formed XML.")) from broken
    if root is None:
        raise StatementUnreadable(_("The file holds no bank statement."))
    _without_namespaces(root)
    found = tuple(_statement(one) for one in root.iter("Stmt"))
    if not found:
        raise StatementUnreadable(_("The file holds no bank statement."))
    return found


def _without_namespaces(root: Element) -> None:
    """The versions differ in their namespace; what is read here is the same in all of them."""
    for node in root.iter():
        if isinstance(node.tag, str):
            node.tag = node.tag.rpartition("}")[2]


def _statement(stmt: Element) -> ReadStatement:
    account = _text(stmt, "Acct/Id/IBAN") or _text(stmt, "Acct/Id/Othr/Id")
    lines = [line for entry in stmt.iterfind("Ntry") if _is_booked(entry) for line in _lines(entry)]
    number = _text(stmt, "ElctrncSeqNb") or _text(stmt, "LglSeqNb")
    opening, closing = _balances(stmt)
    return ReadStatement(
        format="camt",
        account=account,
        lines=tuple(lines),
        number=sortable(number, _text(stmt, "StmtPgntn/PgNb")),
        opening=opening,
        closing=closing,
    )


def _balances(stmt: Element) -> tuple[ReadBalance | None, ReadBalance | None]:
    """Before the first entry and after the last. A page in the middle calls its balances interim ones."""
    found = [(_text(one, "Tp/CdOrPrtry/Cd"), one) for one in stmt.findall("Bal")]
    interim = [one for code, one in found if code == "ITBD"]
    first = next((one for code, one in found if code in ("OPBD", "PRCD")), interim[0] if interim else None)
    last = next((one for code, one in found if code == "CLBD"), interim[-1] if interim else None)
    if first is None or last is None or first is last:
        return None, None
    return _balance(first), _balance(last)


def _balance(node: Element) -> ReadBalance:
    return ReadBalance(_day(_text(node, "Dt/Dt") or _text(node, "Dt/DtTm")), _amount(node, node))


def _is_booked(entry: Element) -> bool:
    """`Sts` is a word in the older versions and has a code of its own in the newer ones."""
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK"


def _lines(entry: Element) -> Iterator[ReadLine]:
    amount, when = _amount(entry, entry), _booked_on(entry)
    parts = entry.findall("NtryDtls/TxDtls")
    amounts = [_amount(part, entry) for part in parts if _written(part) is not None]
    is_batch = len(parts) > 1 and len(amounts) == len(parts)
    if (
        is_batch
        and {one.currency for one in amounts} == {amount.currency}
        and sum(one.amount for one in amounts) == (amount.amount)
    ):
        for at, (part, own) in enumerate(zip(parts, amounts, strict=True), start=1):
            yield _line(entry, part, own, when, at)
    else:
        yield _line(entry, parts[0] if len(parts) == 1 else entry, amount, when, 0)


def _line(entry: Element, part: Element, amount: Money, when: date, number: int) -> ReadLine:
    other = "Dbtr" if amount.amount > 0 else "Cdtr"
    return ReadLine(
        booked_on=when,
        amount=amount,
        bank_id=_bank_id(entry, part, number),
        remittance=" ".join(node.text.strip() for node in part.iterfind("RmtInf/Ustrd") if node.text),
        creditor_ref=_text(part, "RmtInf/Strd/CdtrRefInf/Ref"),
        end_to_end=_given(_text(part, "Refs/EndToEndId")),
        payer=_text(part, f"RltdPties/{other}/Nm") or _text(part, f"RltdPties/{other}/Pty/Nm"),
        payer_account=_text(part, f"RltdPties/{other}Acct/Id/IBAN") or _text(part, f"RltdPties/{other}Acct/Id/Othr/Id"),
    )


def _bank_id(entry: Element, part: Element, number: int) -> str:
    """The bank's name of a transaction; of an entry with the number of its transaction otherwise."""
    own = _given(_text(part, "Refs/AcctSvcrRef")) if part is not entry else ""
    whole = _given(_text(entry, "AcctSvcrRef"))
    if own and own != whole:
        return own
    return f"{whole}/{number}" if whole and number else whole


def _given(written: str) -> str:
    return "" if written in NAMELESS else written


def _amount(node: Element, entry: Element) -> Money:
    """With the sign of its own, or of the entry around it: `CRDT` came in, `DBIT` went out."""
    written = _written(node)
    if written is None or not written.text:
        raise StatementUnreadable(_("An entry has no amount."))
    currency = written.get("Ccy", "").upper()
    side = _text(node, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise StatementUnreadable(_("An entry does not say whether money came or went."))
    return money(written.text.strip(), currency, is_negative=side == "DBIT")


def _written(node: Element) -> Element | None:
    """Transactions have an amount of their own since version 4; before, it stands among the details."""
    own = node.find("Amt")
    return own if own is not None else node.find("AmtDtls/TxAmt/Amt")


def money(written: str, currency: str, *, is_negative: bool) -> Money:
    """An exact amount. Raises `StatementUnreadable` for what is none, or has more digits than the currency."""
    try:
        value = Decimal(written)
        step = Decimal(1).scaleb(-exponent(currency))
        if not value.is_finite() or value != value.quantize(step):
            raise InvalidOperation
    except (InvalidOperation, DomainError):
        sentence = _("“%(value)s” is not an amount in %(currency)s.")
        raise StatementUnreadable(sentence % {"value": written[:40], "currency": currency[:3] or "–"}) from None
    value = value.quantize(step)
    return Money(-value if is_negative else value, currency)


def _booked_on(entry: Element) -> date:
    return _day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt"))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise StatementUnreadable(_("“%(value)s” is not a date.") % {"value": written[:40]}) from None


def _text(node: Element, path: str) -> str:
    return " ".join((node.findtext(path) or "").split())
