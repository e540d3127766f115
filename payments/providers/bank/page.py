"""What the page and the messages about a bank transfer say."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from djmoney.money import Money
from segno import helpers

from core.money import from_minor
from payments.models import BankTransfer
from payments.providers.bank.accounts import ShownAccount
from payments.providers.bank.references import printed

EPC_CURRENCY = "EUR"


@dataclass(frozen=True, kw_only=True)
class TransferPage:
    """The instructions. `left` is what is still to be transferred; `qr` a picture's address, empty without one.

    `state` is `open`, `part` (some of it came), `done` or `closed`.
    """

    title: str
    order_ref: str
    account: ShownAccount
    reference: str
    reference_plain: str
    amount: Money
    received: Money
    left: Money
    due_at: datetime
    state: str
    qr: str
    return_url: str


@dataclass(frozen=True, kw_only=True)
class TransferShown:
    """The instructions and the path of their page."""

    page: TransferPage
    path: str


def transfer_page(transfer: BankTransfer) -> TransferPage:
    """The page of a transfer as it stands now. Needs `transfer.payment`."""
    payment = transfer.payment
    account = ShownAccount(**transfer.shown)
    left = from_minor(max(0, payment.amount_minor - payment.captured_minor), payment.currency)
    state = _state(transfer)
    return TransferPage(
        title=_title(state),
        order_ref=payment.order_ref,
        account=account,
        reference=printed(transfer.reference),
        reference_plain=transfer.reference,
        amount=payment.amount,
        received=payment.captured,
        left=left,
        due_at=transfer.due_at,
        state=state,
        qr=epc_qr(account, left, transfer.reference) if state in ("open", "part") else "",
        return_url=transfer.return_url,
    )


def _state(transfer: BankTransfer) -> str:
    payment = transfer.payment
    if payment.captured_minor >= payment.amount_minor:
        return "done"
    if transfer.closed_at is not None or payment.state in ("failed", "canceled", "refunded"):
        return "closed"
    return "part" if payment.captured_minor else "open"


def _title(state: str) -> str:
    return {
        "open": _("Transfer the amount from your bank"),
        "part": _("Transfer the rest from your bank"),
        "done": _("Your transfer has arrived"),
        "closed": _("This transfer is not needed any more"),
    }[state]


def epc_qr(account: ShownAccount, amount: Money, reference: str) -> str:
    """The code that banking apps read (EPC069-12, version 2): euro and IBAN only, empty for everything else.

    It brings its own white ground, so that it can be read on any page, also in the dark.
    """
    if amount.currency.code != EPC_CURRENCY or not account.iban or amount.amount <= 0:
        return ""
    told = helpers.make_epc_qr(
        name=account.holder[:70],
        iban=account.iban,
        amount=amount.amount,
        reference=reference,
        bic=account.bic or None,
    )
    return str(told.svg_data_uri(border=4, light="#fff"))
