"""One line that pays several orders: divided once, for ever, and then told to each payment.

The decision is one row and its shares, written together. The payments are told afterwards, each in a transaction of
its own, because the orders of two shoppers are never locked one after the other. A share that was not told (the
process died) is told by the clock.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.http import refuse_open_transaction
from core.money import Money, from_minor, to_minor
from payments.actions.arriving import receive_transfer
from payments.models import BankBooking, BankLine, BankShare, BankTransfer, PaymentTransaction
from payments.statements.deciding import LineNotBookable, decide_line, facts_of, line_name
from payments.types import Source


class NotDivisible(DomainError):
    """A person has to say which orders are meant, or the sum does not reach to the last of them."""

    code = "BANK_LINE_NOT_DIVISIBLE"
    message = _("The amount does not reach to every one of these orders. Leave out those it does not pay.")


def divide(line: BankLine, transfers: Sequence[BankTransfer]) -> tuple[tuple[BankTransfer, Money], ...]:
    """What each transfer gets: as much as it misses, in this order; the last one all that is left.

    Needs `transfer.payment`. Raises `NotDivisible` when nothing is left for one of them, or its currency is another.
    """
    left = line.amount_minor
    shares: list[tuple[BankTransfer, Money]] = []
    for at, transfer in enumerate(transfers, start=1):
        payment = transfer.payment
        missing = max(0, payment.amount_minor - payment.captured_minor)
        minor = left if at == len(transfers) else min(missing, left)
        if minor <= 0 or payment.currency != line.currency:
            raise NotDivisible
        shares.append((transfer, from_minor(minor, line.currency)))
        left -= minor
    return tuple(shares)


def book_line_to_several(*, line_id: int, transfer_ids: Sequence[int], note: str = "") -> BankBooking:
    """A person says which payments a line is about, in the order in which they are paid.

    Call it with no transaction open. Raises `LineDecided`, `LineNotBookable`, `NotDivisible`.
    """
    refuse_open_transaction()
    wanted = tuple(dict.fromkeys(transfer_ids))
    with transaction.atomic(durable=True):
        line = BankLine.objects.get(pk=line_id)
        found = BankTransfer.objects.select_related("payment").in_bulk(wanted)
        if line.amount_minor <= 0:
            raise LineNotBookable
        if len(wanted) < 2 or len(found) < len(wanted):
            raise NotDivisible
        booking = decide_line(line, verdict=BankBooking.Verdict.SEVERAL, note=note)
        shares = divide(line, [found[pk] for pk in wanted])
        BankShare.objects.bulk_create(
            BankShare(
                booking=booking,
                payment=transfer.payment,
                currency=line.currency,
                amount_minor=to_minor(amount),
            )
            for transfer, amount in shares
        )
        told = {transfer.payment.order_ref: str(amount.amount) for transfer, amount in shares}
        audit.record("payments.divide_bank_line", booking, data=facts_of(line) | {"orders": told}, reason=note)
    for share in booking.shares.select_related("payment", "booking").order_by("pk"):
        _tell(share, "operator")
    return booking


def tell_shares() -> int:
    """Tell the payments of shares that were decided and not told; returns how many. Safe to run at any time."""
    refuse_open_transaction()
    untold = list(untold_shares().select_related("payment", "booking").order_by("pk"))
    for share in untold:
        _tell(share, "poll")
    return len(untold)


def untold_shares() -> QuerySet[BankShare]:
    """Shares of which their payment has heard nothing."""
    name = Concat(Value("line:"), Cast(OuterRef("booking__line_id"), CharField()))
    told = PaymentTransaction.objects.alias(name=name).filter(
        payment=OuterRef("payment"), kind="captured", fact_ref__in=[F("name"), Concat(F("name"), Value(":surplus"))]
    )
    return BankShare.objects.filter(~Exists(told))


def _tell(share: BankShare, source: Source) -> None:
    """Idempotent: the payment counts the name of a line once."""
    name = line_name(share.booking.line_id)
    receive_transfer(payment_ref=share.payment.ref, amount=share.amount, name=name, source=source)
