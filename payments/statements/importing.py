"""One statement file: recognised, read as a whole or refused as a whole, each line stored once, matched."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import iban as ibans

from core import audit
from core.http import refuse_open_transaction
from core.money import to_minor
from payments.models import BankAccount, BankLine, BankStatement, TableShape
from payments.statements.balances import keep_balances, refuse_wrong_sums
from payments.statements.booking import book_matches
from payments.statements.camt import is_camt, read_camt
from payments.statements.mt940 import is_mt940, read_mt940
from payments.statements.table import Columns, read_table
from payments.statements.types import ReadLine, ReadStatement, StatementUnreadable, line_keys

MOST_BYTES = 20 * 1024 * 1024
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file brought: lines in it, lines that were new, lines that were booked by their reference."""

    statement: BankStatement
    booked: int


def import_statement(*, account_id: int, name: str, content: bytes, columns: Columns | None = None) -> Imported:
    """Store the lines of a file and book those whose reference is ours. The same file again changes nothing.

    CAMT.053 and MT940 are recognised; everything else is a table, read with `columns` (default: as the account's
    last table was), which are remembered. Call it with no transaction open. Raises `StatementUnreadable`.
    """
    refuse_open_transaction()
    account = BankAccount.objects.get(pk=account_id)
    shape = columns or remembered_columns(account)
    statements = read_statements(content, columns=shape, currency=account.currency)
    lines = _lines_for(account, statements)
    refuse_wrong_sums(statements)
    kind = statements[0].format
    with transaction.atomic(durable=True):
        _refuse_mixture(account, lines, kind)
        statement = BankStatement.objects.create(
            account=account, format=kind, name=name[:200], digest=hashlib.sha256(content).hexdigest(), seen=len(lines)
        )
        statement.fresh = keep_lines(account, statement, lines)
        statement.save(update_fields=["fresh"])
        keep_balances(account, statement, statements)
        if kind == BankStatement.Format.TABLE:
            TableShape.objects.update_or_create(account=account, defaults={"columns": asdict(shape)})
        told = {"account": account.name, "file": name[:200], "lines": len(lines), "fresh": statement.fresh}
        audit.record("payments.import_bank_statement", statement, data=told)
    return Imported(statement=statement, booked=book_matches(account_id=account.pk))


def remembered_columns(account: BankAccount) -> Columns:
    """How the last table of the account was read."""
    shape = TableShape.objects.filter(account=account).first()
    return Columns(**shape.columns) if shape is not None else Columns()


def read_statements(content: bytes, *, columns: Columns, currency: str) -> tuple[ReadStatement, ...]:
    """The statements of a file in whatever format. Raises `StatementUnreadable`; nothing is read in part."""
    if len(content) > MOST_BYTES:
        raise StatementUnreadable(_("This file is too large."))
    if is_camt(content):
        return read_camt(content)
    text = _text(content)
    if is_mt940(content):
        return read_mt940(text)
    return (read_table(text, columns=columns, currency=currency),)


def _text(content: bytes) -> str:
    """Banks still write Latin-1; it is only tried where the bytes are not UTF-8, which no Latin text is by chance."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines_for(account: BankAccount, statements: Sequence[ReadStatement]) -> tuple[ReadLine, ...]:
    """All lines, when every statement is of this account and in its currency. Raises `StatementUnreadable`."""
    for statement in statements:
        if account.iban and statement.account and not _is_of(account, statement.account):
            sentence = _("The file is about another account: %(account)s.")
            raise StatementUnreadable(sentence % {"account": statement.account[:40]})
    lines = tuple(line for statement in statements for line in statement.lines if to_minor(line.amount))
    foreign = next((line for line in lines if line.amount.currency.code != account.currency), None)
    if foreign is not None:
        sentence = _("The account is in %(ours)s, and a line of the file is in %(theirs)s.")
        raise StatementUnreadable(sentence % {"ours": account.currency, "theirs": foreign.amount.currency.code})
    return lines


def _is_of(account: BankAccount, written: str) -> bool:
    """An IBAN must be ours. MT940 may write the national number instead, which the IBAN ends with or contains."""
    plain = ibans.compact(written).replace("/", "")
    if ibans.is_valid(plain):
        return bool(plain == account.iban)
    digits = "".join(letter for letter in plain.removesuffix(account.currency) if letter.isdigit())
    return not digits or account.iban.endswith(digits[-8:])


def _refuse_mixture(account: BankAccount, lines: Sequence[ReadLine], kind: str) -> None:
    """The same payment reads differently in another format, so it would be stored, and booked, a second time."""
    if not lines:
        return
    days = {line.booked_on for line in lines}
    other = (
        BankLine.objects.filter(account=account, booked_on__in=days)
        .exclude(statement__format=kind)
        .select_related("statement")
        .first()
    )
    if other is not None:
        sentence = _("%(day)s was brought in as %(format)s before. Keep to one format for the days of an account.")
        raise StatementUnreadable(
            sentence % {"day": other.booked_on.isoformat(), "format": other.statement.get_format_display()}
        )


def keep_lines(account: BankAccount, statement: BankStatement, lines: Sequence[ReadLine]) -> int:
    """Store what is new and say how much that was. The unique constraint decides, whoever imports at the same time."""
    before = BankLine.objects.filter(statement=statement).count()
    rows = [_row(account, statement, line, key) for line, key in zip(lines, line_keys(lines), strict=True)]
    BankLine.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return BankLine.objects.filter(statement=statement).count() - before


def _row(account: BankAccount, statement: BankStatement, line: ReadLine, key: str) -> BankLine:
    return BankLine(
        account=account,
        statement=statement,
        line_key=key,
        booked_on=line.booked_on,
        currency=line.amount.currency.code,
        amount_minor=to_minor(line.amount),
        remittance=line.remittance[:2000],
        creditor_ref=line.creditor_ref[:35],
        end_to_end=line.end_to_end[:80],
        payer=line.payer[:140],
        payer_account=line.payer_account[:60],
    )
