"""Messages about bank transfers, in the language of the order. Called from reactions only; each is sent once.

That a payment is awaited is one fact, however it is paid: a transfer's message has the name, and so the once-ness, of
every other awaited payment's.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from core.money import Money, to_minor
from markets.formatting import format_date, format_money
from markets.types import MarketContext
from orders.models import Lifecycle, Order
from orders.notifications import tell_order
from orders.steps import STEPS, Facts
from payments.providers.bank.accounts import ShownAccount
from payments.queries import transfer_shown


def tell_transfer(*, number: str, payment_ref: UUID) -> None:
    """Where to transfer to, how much, with which reference and until when."""
    _tell(number, "payment_awaited", f"payment_awaited:{payment_ref}", payment_ref)


def tell_reminder(*, number: str, payment_ref: UUID) -> None:
    """The same once more, before the goods are let go."""
    _tell(number, "transfer_reminder", f"transfer_reminder:{payment_ref}", payment_ref)


def tell_part(*, number: str, payment_ref: UUID, received: Money, name: str) -> None:
    """So much came; so much is still to be transferred."""
    _tell(number, "transfer_part", f"transfer_part:{payment_ref}:{name}", payment_ref, received)


def _tell(number: str, step: str, key: str, payment_ref: UUID, received: Money | None = None) -> None:
    """Only while the order waits for its money: nobody is asked for what is paid, or for an order that has ended."""
    shown = transfer_shown(payment_ref)
    is_awaited = Order.objects.filter(number=number, lifecycle=Lifecycle.PENDING_PAYMENT).exists()
    if shown is None or not is_awaited or shown.page.state not in ("open", "part"):
        return

    def words(order: Order, market: MarketContext) -> dict[str, Any]:
        due = order.pay_by.astimezone(ZoneInfo(market.timezone)).date()
        facts = Facts(
            number=number,
            amount=format_money(shown.page.left, market),
            received=format_money(received, market) if received is not None and to_minor(received) else "",
            reference=shown.page.reference,
            transfer=_rows(shown.page.account),
            until=format_date(due, market.language, market.home_country),
            link_url=f"{settings.SHOP_URL}{shown.path}",
        )
        return STEPS[step](facts).context()

    tell_order(number, step, key, words)


def _rows(account: ShownAccount) -> tuple[tuple[str, str], ...]:
    """The account as a shopper copies it; what it does not have is left out."""
    rows = [(_("Account holder"), account.holder)]
    if account.iban:
        rows.append((_("IBAN"), account.printed_iban))
    rows += [(_("BIC"), account.bic), (_("Bank"), account.bank_name)]
    rows += [(_("Account"), line) for line in account.local_lines]
    return tuple(row for row in rows if row[1])
