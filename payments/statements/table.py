"""Tables of movements (CSV), with columns an operator has named once per account."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from payments.reconciliation.files.cells import (
    DATE_SHAPES,
    MOST_PROBLEMS,
    BadCell,
    Row,
    RowProblem,
    lines_of,
    missing_columns,
    money_of,
    named,
    needed,
    number_of,
)
from payments.statements.types import ReadLine, ReadStatement, StatementUnreadable


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column holds what; empty: none. `shape` and `mark` are how days and amounts are written."""

    booked_on: str = "date"
    amount: str = "amount"
    currency: str = ""
    bank_id: str = ""
    remittance: str = "purpose"
    payer: str = ""
    payer_account: str = ""
    shape: str = DATE_SHAPES[0]
    mark: str = "."

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns that have to be there: those that were named."""
        wanted = (self.booked_on, self.amount, self.currency, self.bank_id, self.remittance, self.payer)
        return tuple(name for name in (*wanted, self.payer_account) if name)


def read_table(text: str, *, columns: Columns, currency: str) -> ReadStatement:
    """The movements, in the account's `currency` where no column says it.

    Raises `StatementUnreadable` with every line that cannot be read; nothing is read in part.
    """
    lines = list(lines_of(text))
    if not lines:
        raise StatementUnreadable(_("The file is empty."))
    heading = lines[0][1]
    problems = list(missing_columns(heading, columns.needs))
    found = []
    for number, cells in [] if problems else lines[1:]:
        try:
            found.append(_line(named(heading, cells), columns, currency))
        except BadCell as trouble:
            problems.append(RowProblem(line=number, column=trouble.column, message=trouble.message))
            if len(problems) >= MOST_PROBLEMS:
                break
    if problems:
        raise StatementUnreadable(_("The file was not imported. Nothing of it was stored."), tuple(problems))
    return ReadStatement(format="table", account="", lines=tuple(found))


def _line(row: Row, columns: Columns, currency: str) -> ReadLine:
    own = row.get(columns.currency, "").upper() if columns.currency else ""
    if own and own != currency:
        raise BadCell(columns.currency, _("The account is in %(currency)s.") % {"currency": currency})
    amount = money_of(number_of(row, columns.amount, mark=columns.mark), currency, columns.amount)
    return ReadLine(
        booked_on=_day(row, columns),
        amount=amount,
        bank_id=row.get(columns.bank_id, "") if columns.bank_id else "",
        remittance=row.get(columns.remittance, "") if columns.remittance else "",
        payer=row.get(columns.payer, "") if columns.payer else "",
        payer_account=row.get(columns.payer_account, "") if columns.payer_account else "",
    )


def _day(row: Row, columns: Columns) -> date:
    written = needed(row, columns.booked_on)
    try:
        return datetime.strptime(written, columns.shape).date()  # noqa: DTZ007 (a day of the bank, without a time)
    except ValueError:
        sentence = _("“%(value)s” is not a date this file can have.")
        raise BadCell(columns.booked_on, sentence % {"value": written}) from None
