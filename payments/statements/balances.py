"""What statements say the account held: it must fit their lines, and one statement must begin where another ended."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, When, Window
from django.db.models.functions import Cast, Lag, Substr
from django.utils.translation import gettext as _

from core.money import Money, from_minor, to_minor
from payments.models import BankAccount, BankBalance, BankStatement
from payments.statements.types import STATEMENT_DIGITS, ReadStatement, StatementUnreadable


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A place where a statement is missing: what the one before ended with, and what the next began with.

    Both amounts are the same where only the banks' numbers leave one out.
    """

    account: str
    ended_on: date
    ended_with: Money
    ended_number: str
    began_on: date
    began_with: Money
    began_number: str


def refuse_wrong_sums(statements: Iterable[ReadStatement]) -> None:
    """Opening balance and lines make the closing balance, or a line was misread or left out.

    Statements without balances (tables) are not asked. Raises `StatementUnreadable`.
    """
    for statement in statements:
        opening, closing = statement.opening, statement.closing
        if opening is None or closing is None:
            continue
        if opening.amount.currency != closing.amount.currency:
            raise StatementUnreadable(_("The statement begins in one currency and ends in another."))
        told = sum((to_minor(line.amount) for line in statement.lines), to_minor(opening.amount))
        if told != to_minor(closing.amount):
            sentence = _("The lines do not add up: they make %(sum)s, and the statement ends with %(closing)s.")
            made = from_minor(told, closing.amount.currency.code)
            raise StatementUnreadable(sentence % {"sum": _plain(made), "closing": _plain(closing.amount)})


def keep_balances(account: BankAccount, row: BankStatement, statements: Iterable[ReadStatement]) -> None:
    """Remember what each statement began and ended with, once, however often it is brought in."""
    found = (_balance(account, row, statement) for statement in statements)
    BankBalance.objects.bulk_create([one for one in found if one is not None], ignore_conflicts=True)


def _balance(account: BankAccount, row: BankStatement, statement: ReadStatement) -> BankBalance | None:
    opening, closing = statement.opening, statement.closing
    if opening is None or closing is None:
        return None
    days = (min(opening.on, closing.on), closing.on)
    said = (statement.number, *days, to_minor(opening.amount), to_minor(closing.amount))
    return BankBalance(
        account=account,
        statement=row,
        balance_key=hashlib.sha256("|".join(map(str, said)).encode()).hexdigest(),
        number=statement.number,
        opened_on=days[0],
        closed_on=days[1],
        currency=closing.amount.currency.code,
        opening_minor=to_minor(opening.amount),
        closing_minor=to_minor(closing.amount),
    )


def after_gaps() -> QuerySet[BankBalance]:
    """Balances before which a statement is missing: they do not begin where the one before ended, or a number of the
    same year is left out. `ended_*` are of the one before."""
    number = Cast(Substr("number", 1, STATEMENT_DIGITS), IntegerField())
    return (
        BankBalance.objects.annotate(
            counted=Case(When(number__regex=r"^[0-9]{9}/", then=number), default=None, output_field=IntegerField())
        )
        .annotate(
            ended_minor=_of_the_one_before("closing_minor"),
            ended_on=_of_the_one_before("closed_on"),
            ended_number=_of_the_one_before("number"),
            ended_counted=_of_the_one_before("counted"),
        )
        .filter(
            Q(ended_minor__lt=F("opening_minor"))
            | Q(ended_minor__gt=F("opening_minor"))
            | Q(ended_counted__lt=F("counted") - 1, ended_on__year=F("closed_on__year"))
        )
    )


def _of_the_one_before(field: str) -> Window:
    order = [F("closed_on").asc(), F("number").asc(), F("pk").asc()]
    return Window(Lag(field), partition_by=[F("account_id")], order_by=order)


def files_after_gaps() -> QuerySet[BankStatement]:
    """Files with a statement before which one is missing."""
    return BankStatement.objects.filter(balances__in=after_gaps().values("pk")).distinct()


def missing_statements(*, limit: int = 25) -> tuple[Missing, ...]:
    """The latest places where a statement is missing, the newest first."""
    rows = after_gaps().select_related("account").order_by("-closed_on", "-pk")[:limit]
    return tuple(
        Missing(
            account=row.account.name,
            ended_on=row.ended_on,  # type: ignore[attr-defined]  # annotated
            ended_with=from_minor(row.ended_minor, row.currency),  # type: ignore[attr-defined]  # annotated
            ended_number=_number(row.ended_number),  # type: ignore[attr-defined]  # annotated
            began_on=row.opened_on,
            began_with=row.opening,
            began_number=_number(row.number),
        )
        for row in rows
    )


def _number(written: str) -> str:
    """As the bank writes it, without the zeros in front: `324`, or `324/2` for a further page."""
    statement, _sep, page = written.partition("/")
    plain = statement.lstrip("0")
    return f"{plain}/{int(page)}" if plain and page.isdecimal() and int(page) > 1 else plain


def _plain(amount: Money) -> str:
    return f"{amount.amount} {amount.currency.code}"
