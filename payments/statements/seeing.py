"""Which line of a bank statement stands behind what a payment was told."""

from collections.abc import Iterable

from payments.models import BankBooking, BankLine, PaymentTransaction

CAME, WENT = "line:", "payout:"


def lines_behind(facts: Iterable[PaymentTransaction]) -> dict[int, BankLine]:
    """Lines by the id of their fact: what brought money, and what shows that it was sent back.

    Facts without a line (yet) are left out. No query where no fact is of a bank transfer.
    """
    told = list(facts)
    return _that_brought(told) | _that_show(told)


def _that_brought(facts: Iterable[PaymentTransaction]) -> dict[int, BankLine]:
    names = {fact.pk: _line_id(fact.fact_ref) for fact in facts if fact.fact_ref.startswith(CAME)}
    lines = BankLine.objects.in_bulk(set(names.values())) if names else {}
    return {fact: lines[name] for fact, name in names.items() if name in lines}


def _that_show(facts: Iterable[PaymentTransaction]) -> dict[int, BankLine]:
    names = {fact.pk: fact.fact_ref.removeprefix(WENT) for fact in facts if fact.fact_ref.startswith(WENT)}
    if not names:
        return {}
    bookings = BankBooking.objects.filter(payout__refund_ref__in=set(names.values())).select_related("line", "payout")
    lines = {str(booking.payout.refund_ref): booking.line for booking in bookings if booking.payout is not None}
    return {fact: lines[name] for fact, name in names.items() if name in lines}


def is_open_surplus(fact: PaymentTransaction) -> bool:
    """Whether it is what came too much, and nobody has decided about it yet."""
    return fact.cases.filter(kind="surplus", state="open").exists()


def _line_id(name: str) -> int:
    """Of `line:5` and `line:5:surplus`; zero for what is no line's name."""
    number = name.split(":")[1]
    return int(number) if number.isdecimal() else 0
