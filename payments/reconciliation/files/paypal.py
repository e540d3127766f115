"""PayPal's settlement report (STL): lines that begin with their kind, amounts in hundredths without a sign.

A hundred yen and a hundred dollars are both written 10000, and the column beside says which way they went.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from payments.providers.paypal.building import order_ref_of
from payments.providers.paypal.entries import kind_of
from payments.providers.paypal.promises import payment_in
from payments.reconciliation.files.cells import BadCell, Row, currency_of, moment_of, money_of, needed, number_of
from payments.types import ProviderEntry

COLUMNS = (
    "Transaction ID",
    "Transaction Event Code",
    "Transaction Completion Date",
    "Transaction Debit or Credit",
    "Gross Transaction Amount",
    "Gross Transaction Currency",
)
SHAPE = "%Y/%m/%d %H:%M:%S %z"
HEADING, BODY = "CH", "SB"


def is_this(heading: Sequence[str]) -> bool:
    """Whether a file with this heading is one of these."""
    return heading[:1] == ["CH"] and "Transaction Event Code" in heading


def entry_of(row: Row) -> ProviderEntry:
    """One line of the body. Raises `BadCell`."""
    currency = currency_of(row, "Gross Transaction Currency")
    code = needed(row, "Transaction Event Code")
    sign = _sign(row, "Transaction Debit or Credit")
    amount = money_of(_hundredths(row, "Gross Transaction Amount") * sign, currency, "Gross Transaction Amount")
    fee = money_of(_fee(row, currency), currency, "Fee Amount")
    name = needed(row, "Transaction ID")
    kind, invoice = kind_of(code, amount), row.get("Invoice ID", "")
    return ProviderEntry(
        entry_id=name,
        kind=kind,
        amount=amount,
        fee=fee,
        net=amount - fee,
        created=moment_of(row, "Transaction Completion Date", SHAPE),
        provider_ref=row.get("PayPal Reference ID", ""),
        fact_ref="" if kind == "dispute" else name,
        payment_ref=payment_in(row.get("Custom Field", "")),
        order_ref=order_ref_of(invoice) or invoice,
        payout_id=name if kind == "payout" else "",
    )


def _sign(row: Row, column: str) -> int:
    word = needed(row, column).upper()
    if word not in ("CR", "DR"):
        raise BadCell(column, _("“%(value)s” is neither CR nor DR.") % {"value": word})
    return 1 if word == "CR" else -1


def _hundredths(row: Row, column: str) -> Decimal:
    return number_of(row, column) / 100


def _fee(row: Row, currency: str) -> Decimal:
    """What it costs: a debit is positive here, because it is what the provider keeps."""
    if not row.get("Fee Amount") or not row.get("Fee Debit or Credit"):
        return Decimal(0)
    if row.get("Fee Currency", currency).upper() != currency:
        raise BadCell("Fee Currency", _("The fee is in another currency than the amount."))
    return _hundredths(row, "Fee Amount") * -_sign(row, "Fee Debit or Credit")
