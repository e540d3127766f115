"""What gift cards and store credit do, in rows and sentences."""

from django.utils.translation import gettext as _

from cart.types import TicketRow
from checkout.credit import CreditPlan
from checkout.entry import Entry
from checkout.types import CardRow, CreditView
from core.money import from_minor, to_minor
from markets.formatting import format_money
from markets.types import MarketContext
from payments.labels import credit_label
from payments.types import OrderMoney


def credit_view(plan: CreditPlan, entry: Entry, error: str) -> CreditView:
    """The part of the payment step about them."""
    return CreditView(
        cards=tuple(
            CardRow(
                account_id=account.pk,
                letters=account.last_four,
                amount=from_minor(share.minor, plan.currency),
                left=from_minor(share.left, plan.currency),
            )
            for account, share in plan.cards
        ),
        code=entry.gift_code,
        code_error=error,
        balance=from_minor(plan.store_balance, plan.currency) if plan.store_balance else None,
        uses_store=plan.uses_store,
        rows=_rows(plan),
        rest=plan.rest,
        rest_shown=plan.rest_shown,
        is_covered=plan.total > 0 and not to_minor(plan.rest),
    )


def _rows(plan: CreditPlan) -> tuple[TicketRow, ...]:
    rows = [
        TicketRow(
            label=credit_label(account.kind, account.last_four),
            amount=-from_minor(share.minor, plan.currency),
            kind="off",
        )
        for account, share in (*plan.cards, *plan.store)
        if share.minor
    ]
    if rows:
        rows.append(TicketRow(label=_("Left to pay"), amount=plan.rest, kind="total"))
    return tuple(rows)


def credit_sentence(plan: CreditPlan, market: MarketContext) -> str:
    """What is paid how; empty when neither card nor credit pays."""
    if not plan.wishes:
        return ""
    words = {"used": format_money(plan.used, market), "rest": format_money(plan.rest, market)}
    if not to_minor(plan.rest):
        return _("%(used)s are paid with gift cards or credit. Nothing is left to pay.") % words
    return _("%(used)s are paid with gift cards or credit. You pay %(rest)s.") % words


def paid_rows(money: OrderMoney) -> tuple[TicketRow, ...]:
    """What gift cards and store credit have paid of an order."""
    return tuple(
        TicketRow(label=credit_label(payment.method, payment.marked), amount=-payment.captured, kind="off")
        for payment in money.by_credit
    )
