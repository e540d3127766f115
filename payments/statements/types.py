"""What every format of bank statements is read into."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import DomainError
from core.money import Money, to_minor
from payments.reconciliation.files.cells import RowProblem

STATEMENT_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """One movement as a bank wrote it. Money that came in is positive.

    `bank_id` is the bank's own name of the movement where it has one. `creditor_ref` is the structured reference,
    `remittance` every other word of the payer.
    """

    booked_on: date
    amount: Money
    bank_id: str = ""
    remittance: str = ""
    creditor_ref: str = ""
    end_to_end: str = ""
    payer: str = ""
    payer_account: str = ""

    @property
    def content(self) -> str:
        """Everything that tells this movement from another one."""
        return "\x1f".join(
            (
                self.booked_on.isoformat(),
                self.bank_id,
                str(to_minor(self.amount)),
                self.amount.currency.code,
                " ".join(self.remittance.split()),
                self.creditor_ref,
                self.end_to_end,
                self.payer,
                self.payer_account,
            )
        )


@dataclass(frozen=True)
class ReadBalance:
    """What the account held on a day, before the first line or after the last."""

    on: date
    amount: Money


@dataclass(frozen=True, kw_only=True)
class ReadStatement:
    """The movements of one account out of a file. `account` is what the file calls it, if it does.

    `number` is the statement's own, written so that it sorts: nine digits of the statement, three of its page.
    """

    format: str
    account: str
    lines: tuple[ReadLine, ...]
    number: str = ""
    opening: ReadBalance | None = None
    closing: ReadBalance | None = None


def sortable(number: str, page: str = "") -> str:
    """The number of a statement and of its page, filled up with zeros; empty for what is no number."""
    if not (number.isdecimal() and number.isascii()) or len(number) > STATEMENT_DIGITS:
        return ""
    return f"{number.zfill(STATEMENT_DIGITS)}/{page.zfill(3) if page.isdecimal() and page.isascii() else '001'}"


class StatementUnreadable(DomainError):
    """Nothing of the file was stored; `problems` say where and why."""

    code = "BANK_STATEMENT_REFUSED"

    def __init__(self, message: str, problems: tuple[RowProblem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)


def line_keys(lines: Sequence[ReadLine]) -> tuple[str, ...]:
    """A name for each line of a file that is the same in every file that holds the line.

    A digest of all that the line says, the bank's own name included, and its number among equal lines: two equal
    payments of one day stay two, and a file that repeats a whole day adds nothing. The bank's name alone does not
    do, because some banks use one name for many lines. (A bank that writes half a day now and the whole of it later
    is understood; one that writes the second half alone, with a line equal in everything to one of the first, is not.)
    """
    seen: dict[str, int] = {}
    keys = []
    for line in lines:
        digest = hashlib.sha256(line.content.encode()).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        keys.append(f"{digest}:{seen[digest]}")
    return tuple(keys)
