"""Messages about bank transfers, in the language of the order. Called from reactions only; each is sent once."""

from typing import Any
from uuid import UUID

from django.conf import settings

from core.money import Money, to_minor
from markets.formatting import format_date, format_money
from markets.types import MarketContext
from orders.models import Lifecycle, Order
from orders.notifications import tell_order
from payments.queries import transfer_shown


def tell_transfer(*, number: str, payment_ref: UUID) -> None:
    """Where to transfer to, how much, with which reference and until when."""
    _tell(number, "transfer_awaited", f"transfer_awaited:{payment_ref}", payment_ref)


def tell_reminder(*, number: str, payment_ref: UUID) -> None:
    """The same once more, before the goods are let go. Nobody is reminded of what is paid."""
    if Order.objects.filter(number=number, lifecycle=Lifecycle.PENDING_PAYMENT).exists():
        _tell(number, "transfer_reminder", f"transfer_reminder:{payment_ref}", payment_ref)


def tell_part(*, number: str, payment_ref: UUID, received: Money, name: str) -> None:
    """So much came; so much is still to be transferred. Only while the order waits for the rest."""
    if Order.objects.filter(number=number, lifecycle=Lifecycle.PENDING_PAYMENT).exists():
        _tell(number, "transfer_part", f"transfer_part:{payment_ref}:{name}", payment_ref, received)


def _tell(number: str, kind: str, key: str, payment_ref: UUID, received: Money | None = None) -> None:
    shown = transfer_shown(payment_ref)
    if shown is None or not to_minor(shown.page.left):
        return

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        account = shown.page.account
        return {
            "amount": format_money(shown.page.left, market),
            "received": format_money(received, market) if received is not None else "",
            "reference": shown.page.reference,
            "holder": account.holder,
            "bank_name": account.bank_name,
            "iban": account.printed_iban,
            "bic": account.bic,
            "local_lines": account.local_lines,
            "due": format_date(order.pay_by.date(), market.language, market.home_country),
            "transfer_url": f"{settings.SHOP_URL}{shown.path}",
        }

    tell_order(number, kind, key, words)
