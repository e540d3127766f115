"""What customers are told about changes of their orders, in the order's language. Called from reactions only."""

from typing import Any

from django.conf import settings
from django.utils import translation

from core.money import Money, to_minor
from core.notifications import send
from markets.current import in_market
from markets.formatting import format_date, format_money
from markets.prefix import storefront_url
from markets.queries import market_of_record
from markets.types import MarketContext
from orders.actions.access import grant_access
from orders.models import Order, OrderChange
from orders.notifications import tell_order
from orders.telling import phone_of


def tell_changed(*, change_id: int) -> None:
    """What the order is now, and what becomes of the difference."""
    change = _change(change_id)
    market = _market(change.order)

    def words() -> dict[str, Any]:
        return {
            "lines": _lines(change.order, market),
            "total": format_money(change.order.total, market),
            "back": format_money(-change.delta_total, market) if to_minor(change.delta_total) < 0 else "",
            "was_paid": change.order.paid_at is not None,
            "ship_to": change.addresses["after"]["lines"] if change.addresses else [],
        }

    _send(change, "order_changed", market, words())


def tell_due(*, change_id: int) -> None:
    """What is to be paid, until when, and where."""
    change = _change(change_id)
    market = _market(change.order)
    if change.pay_by is None:
        return
    with translation.override(market.language), in_market(market):
        day = format_date(change.pay_by.date(), market.language, market.home_country)
        words = {
            "amount": format_money(change.delta_total, market),
            "until": day,
            "pay_url": _url(change, "difference"),
        }
    _send(change, "order_change_due", market, words)


def tell_ended(*, change_id: int) -> None:
    """The change does not come; the order stays as it was."""
    change = _change(change_id)
    market = _market(change.order)
    _send(change, "order_change_ended", market, {"lines": _lines(change.order, market)})


def tell_split(*, change_id: int) -> None:
    """A part of the order is an order of its own now, with a page and parcels of its own."""
    change = _change(change_id)
    child = Order.objects.get(number=change.after["child"])
    words = {"other": child.number, "goods": _goods(child)}
    _send(change, "order_split", _market(change.order), words)


def tell_merged(*, change_id: int) -> None:
    """Two orders are one; the mail is about the one that stays."""
    change = _change(change_id)
    words = {"other": change.after["other"], "goods": _goods(change.order)}
    _send(change, "order_merged", _market(change.order), words)


def tell_reshipped(*, number: str, child: str) -> None:
    """Goods are sent once more; the mail is about the order they come with."""
    order = Order.objects.get(number=child)
    reason = Order.objects.get(number=number).events.filter(kind="order.reshipped", data__other=child).first()

    def words(row: Order, market: MarketContext) -> dict[str, Any]:
        return {"other": number, "goods": _goods(row), "reason": reason.note if reason is not None else ""}

    tell_order(order.number, "order_reshipped", f"order_reshipped:{child}", words)


def _goods(order: Order) -> list[str]:
    return [f"{line.quantity} × {line.name}" for line in order.lines.order_by("position")]


def _send(change: OrderChange, kind: str, market: MarketContext, words: dict[str, Any]) -> None:
    order = change.order
    with translation.override(order.language), in_market(market):
        order_url = _url(change, "page")
        context = {"number": order.number, "reason": change.reason, "order_url": order_url, **words}
        send(
            kind,
            to=order.email,
            language=order.language,
            market=order.market,
            context=context,
            dedupe_key=f"{kind}:{change.pk}",
            reference=order.number,
            phone=phone_of(order),
            zone=market.timezone,
            link=order_url,
        )


def _lines(order: Order, market: MarketContext) -> list[dict[str, Any]]:
    def amount(money: Money) -> str:
        return format_money(money, market)

    return [
        {"name": line.name, "options": line.options_text, "quantity": line.quantity, "total": amount(line.line_total)}
        for line in order.lines.order_by("position")
    ]


def _change(change_id: int) -> OrderChange:
    return OrderChange.objects.select_related("order").get(pk=change_id)


def _market(order: Order) -> MarketContext:
    return market_of_record(order.market, language=order.language)


def _url(change: OrderChange, page: str) -> str:
    order = change.order
    secret = grant_access(number=order.number, purpose="mail")
    name = "checkout:difference" if page == "difference" else "orders:page"
    path = storefront_url(
        name, market=order.market, language=order.language, kwargs={"number": order.number, "token": secret}
    )
    return f"{settings.SHOP_URL}{path}"
