"""The proof of one order as its page shows it: every line with its references and a plain verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.money import Money, from_minor
from orders.models import Document, Order
from orders.proving.reading import Compared, compare_order
from orders.workspace.types import State
from payments.models import BankLine, LedgerTxn, Payment, PaymentTransaction, StatementMatch
from payments.postings import FACT_SOURCE, TXN_KINDS
from payments.statements.seeing import is_open_surplus, lines_behind

REPORTS: dict[str, Promise] = {
    "captured": pgettext_lazy("report of a payment", "Captured"),
    "refunded": pgettext_lazy("report of a payment", "Refunded"),
    "fee": pgettext_lazy("report of a payment", "Fee"),
    "disputed": pgettext_lazy("report of a payment", "Disputed"),
    "dispute_reversed": pgettext_lazy("report of a payment", "Dispute won"),
}
NOT_YET: dict[str, Promise] = {
    "invoice": _("The invoice is about the total of the order."),
    "credit": _("The credit notes of refunds are about what went back."),
}


@dataclass(frozen=True, kw_only=True)
class ProofLine:
    """One equation. Without amounts there is nothing to compare yet."""

    sentence: str
    left_label: str
    left: Money | None
    right_label: str
    right: Money | None
    state: State


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report of a provider with where it is booked and where the provider's own books show it."""

    kind: str
    reference: str
    at: datetime
    amount: Money
    payment_url: str
    booking: str
    booking_url: str
    row: str
    row_url: str
    verdict: State


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document."""

    number: str
    kind: str
    total: Money
    about: str


@dataclass(frozen=True, kw_only=True)
class OrderProof:
    """The page."""

    number: str
    lines: tuple[ProofLine, ...]
    reports: tuple[Report, ...]
    papers: tuple[Paper, ...]
    agrees: bool


def order_proof(order: Order) -> OrderProof:
    """The proof of one order, in a fixed number of queries."""
    compared = compare_order(order.number)
    return OrderProof(
        number=order.number,
        lines=(*(_line(one) for one in compared), *_missing(compared)),
        reports=tuple(_reports(order)),
        papers=tuple(_papers(order)),
        agrees=all(one.agrees for one in compared),
    )


def _line(one: Compared) -> ProofLine:
    if not one.agrees:
        state = State(label=pgettext("verdict of a proof", "Differs"), tone="bad")
    elif one.left == one.right:
        state = State(label=pgettext("verdict of a proof", "Agrees"), tone="ok")
    else:
        state = State(label=pgettext("verdict of a proof", "Differs for a known reason"), tone="plain")
    return ProofLine(
        sentence=str(one.check.sentence),
        left_label=str(one.check.left),
        left=from_minor(one.left, one.currency),
        right_label=str(one.check.right),
        right=from_minor(one.right, one.currency),
        state=state,
    )


def _missing(compared: Sequence[Compared]) -> list[ProofLine]:
    """Papers that are not written yet are said, not passed over."""
    there = {one.check.code for one in compared}
    state = State(label=pgettext("verdict of a proof", "No document yet"), tone="plain")
    return [
        ProofLine(sentence=str(sentence), left_label="", left=None, right_label="", right=None, state=state)
        for code, sentence in NOT_YET.items()
        if code not in there
    ]


def _reports(order: Order) -> list[Report]:
    payments = Payment.objects.filter(
        Q(order_ref=order.number) | Q(ref__in=order.receipts.values_list("payment_ref", flat=True))
    )
    facts = list(
        PaymentTransaction.objects.filter(payment__in=payments, kind__in=TXN_KINDS)
        .select_related("payment")
        .order_by("occurred_at", "pk")
    )
    names = [str(fact.pk) for fact in facts]
    booked = {txn.source_id: txn for txn in LedgerTxn.objects.filter(source_type=FACT_SOURCE, source_id__in=names)}
    seen = {match.fact_id: match for match in StatementMatch.objects.filter(fact__in=facts).select_related("entry")}
    fees = {match.entry.entry_id: match for match in seen.values()}
    lines = lines_behind(facts)
    return [_report(fact, booked, seen.get(fact.pk) or _of_fee(fact, fees), lines.get(fact.pk)) for fact in facts]


def _of_fee(fact: PaymentTransaction, fees: Mapping[str, StatementMatch]) -> StatementMatch | None:
    """A fee stands in the provider's row of the movement it was taken from."""
    return fees.get(fact.fact_ref) if fact.kind == "fee" else None


def _report(
    fact: PaymentTransaction, booked: Mapping[str, LedgerTxn], match: StatementMatch | None, line: BankLine | None
) -> Report:
    txn = booked.get(str(fact.pk))
    if txn is None and line is not None and is_open_surplus(fact):
        verdict = State(label=pgettext("report of a payment", "Too much, and nobody has decided yet"), tone="warn")
    elif txn is None and fact.amount_minor:
        verdict = State(label=pgettext("report of a payment", "Not booked"), tone="bad")
    elif line is not None:
        verdict = State(label=pgettext("report of a payment", "Booked and seen on a bank statement"), tone="ok")
    elif match is None:
        verdict = State(label=pgettext("report of a payment", "Booked, not seen at the provider yet"), tone="plain")
    else:
        verdict = State(label=pgettext("report of a payment", "Booked and seen at the provider"), tone="ok")
    return Report(
        kind=str(REPORTS[fact.kind]),
        reference=fact.fact_ref,
        at=fact.occurred_at,
        amount=from_minor(fact.amount_minor, fact.currency),
        payment_url=reverse("admin:payments_payment_change", args=[fact.payment_id]),
        booking=f"#{txn.pk}" if txn else "",
        booking_url=reverse("admin:payments_ledgertxn_change", args=[txn.pk]) if txn else "",
        row=match.entry.entry_id if match else f"{line.booked_on:%Y-%m-%d}" if line else "",
        row_url=_row_url(match, line),
        verdict=verdict,
    )


def _row_url(match: StatementMatch | None, line: BankLine | None) -> str:
    if match is not None:
        return reverse("admin:payments_statemententry_change", args=[match.entry.pk])
    return reverse("admin:payments_bankline_change", args=[line.pk]) if line is not None else ""


def _papers(order: Order) -> list[Paper]:
    rows = Document.objects.filter(order=order).select_related("refund").order_by("pk")
    return [
        Paper(
            number=row.number,
            kind=row.get_kind_display(),
            total=row.total,
            about=row.refund.number if row.refund else order.number,
        )
        for row in rows
    ]
