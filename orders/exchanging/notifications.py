"""Mails about exchanges, in the order's language, each once. Called from reactions only."""

from typing import Any

from core.money import from_minor, to_minor
from markets.formatting import format_date, format_money
from markets.types import MarketContext
from orders.actions.trail import money_facts
from orders.models import Exchange, Lifecycle, Order
from orders.notifications import tell_order


def tell_ordered(*, number: str, child: str) -> None:
    """The new order: what is in it, what the returned goods pay of it, and what is to be paid until when."""

    def facts(order: Order, market: MarketContext) -> dict[str, Any]:
        waits = order.lifecycle == Lifecycle.PENDING_PAYMENT
        due = max(0, to_minor(order.total) - money_facts(order).received) if waits else 0
        day = format_date(order.pay_by.date(), market.language, market.home_country) if due else ""
        return {
            "other": number,
            "goods": [f"{line.quantity} × {line.name}" for line in order.lines.order_by("position")],
            "total": format_money(order.total, market),
            "due": format_money(from_minor(due, order.currency), market) if due else "",
            "until": day,
        }

    tell_order(child, "exchange_ordered", f"exchange_ordered:{child}", facts)


def tell_given_up(*, number: str, exchange_id: int) -> None:
    """The exchange does not come, and why; nothing is written where no reason was given."""
    exchange = Exchange.objects.select_related("return_request").get(pk=exchange_id)
    if not exchange.reason:
        return

    def facts(order: Order, market: MarketContext) -> dict[str, Any]:
        return {"return_number": exchange.return_request.number, "reason": exchange.reason}

    tell_order(number, "exchange_given_up", f"exchange_given_up:{exchange_id}", facts)
