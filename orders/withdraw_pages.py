"""The withdrawal function's pages as values, and what both the page and the mail say of a statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from core.money import format_money, sum_money
from markets.formatting import format_date, format_moment
from markets.prefix import storefront_url
from markets.queries import market_of_record
from markets.types import MarketContext
from orders.actions.delivery_back import goods_back, withdrawal_delivery
from orders.actions.withdrawals import lines_to_withdraw, withdrawal_period
from orders.models import Order, Timeliness, WithdrawalStatement
from orders.types import WithdrawalReceipt, WithdrawLine, WithdrawPage


@dataclass(frozen=True, kw_only=True)
class Filled:
    """The form as it was sent, and what is wrong with it. `chosen` none: every line."""

    typed: Mapping[str, str]
    chosen: Collection[int] | None = None
    errors: tuple[tuple[str, str], ...] = ()
    message: str = ""


def empty_form(order: Order | None) -> Filled:
    """What the form begins with: everything a mailed link knows already."""
    if order is None:
        return Filled(typed={})
    name = str(order.addresses["ship"]["parts"].get("name", ""))
    return Filled(typed={"name": name, "order": order.number, "email": order.email})


def withdraw_page(
    filled: Filled, *, market: MarketContext, order: Order | None = None, token: str = ""
) -> WithdrawPage:
    """The form, with what was typed and what is wrong with it."""
    title, typed = _("Withdraw from contract"), filled.typed
    at = {"number": order.number, "token": token} if order is not None else None

    def url(name: str) -> str:
        return storefront_url(name, market=market.code, language=market.language, kwargs=at)

    timing, is_late = _time_left(order, market) if order is not None else ("", False)
    return WithdrawPage(
        title=_("Error: %(title)s") % {"title": title} if filled.errors or filled.message else title,
        key=typed.get("key", "") or str(uuid4()),
        name=typed.get("name", ""),
        order=typed.get("order", ""),
        email=typed.get("email", ""),
        lines=_lines(order, filled.chosen) if order is not None else (),
        errors=filled.errors,
        message=filled.message,
        timing=timing,
        is_late=is_late,
        days=order.withdrawal_days if order is not None else market.withdrawal_days,
        action_url=url("orders:withdraw_order" if order is not None else "orders:withdraw"),
        order_url=url("orders:page") if order is not None else "",
        back=_back(order, market) if order is not None and not is_late else "",
    )


def receipt_of(statement: WithdrawalStatement) -> WithdrawalReceipt:
    """The statement in the words of its language and the time of its market, with the zone named."""
    market = market_of_record(statement.market, language=statement.language)
    moment = format_moment(
        statement.received_at, statement.language, timezone=market.timezone, country=market.home_country
    )
    return WithdrawalReceipt(
        number=statement.number,
        order=statement.named_order,
        name=statement.name,
        email=statement.email,
        text=statement.text,
        goods=tuple(_goods(row) for row in statement.goods),
        received=f"{moment} ({market.timezone})",
        timing=_timing(statement, market),
        is_late=statement.timeliness == Timeliness.LATE,
    )


def _lines(order: Order, chosen: Collection[int] | None) -> tuple[WithdrawLine, ...]:
    return tuple(
        WithdrawLine(
            line_id=line.pk,
            name=line.name,
            options_text=line.options_text,
            quantity=line.quantity - line.qty_canceled,
            chosen=chosen is None or line.pk in chosen,
            back=goods_back(line),
        )
        for line in lines_to_withdraw(order)
    )


def _back(order: Order, market: MarketContext) -> str:
    """What everything that is left brings back, delivery included, as the refund form proposes it."""
    lines = lines_to_withdraw(order)
    delivery = withdrawal_delivery(order, lines=lines)
    whole = sum_money([*(goods_back(line) for line in lines), delivery], order.currency)
    return _(
        "If you withdraw from everything here, you get back %(amount)s, of which %(delivery)s is for delivery. "
        "If something is kept, delivery is not refunded."
    ) % {
        "amount": format_money(whole, market.language, country=market.home_country),
        "delivery": format_money(delivery, market.language, country=market.home_country),
    }


def _time_left(order: Order, market: MarketContext) -> tuple[str, bool]:
    period = withdrawal_period(order)
    if period.last_day is None:
        return _("Not everything has arrived yet, so your time to withdraw has not even begun to run."), False
    day = {"day": format_date(period.last_day, market.language, market.home_country)}
    if period.timing(timezone.now(), market_of_record(order.market).timezone) == "in_time":
        return _("You can withdraw until %(day)s.") % day, False
    return _(
        "The time to withdraw from this order ended on %(day)s. "
        "You can still send the form: we keep it, look at it and answer you."
    ) % day, True


def _timing(statement: WithdrawalStatement, market: MarketContext) -> str:
    if statement.timeliness == Timeliness.IN_TIME:
        return _("Your withdrawal came in time. We write to you about the way back and refund you within 14 days.")
    if statement.timeliness == Timeliness.LATE and statement.last_day is not None:
        day = format_date(statement.last_day, market.language, market.home_country)
        return _("The time to withdraw ended on %(day)s. We look at your statement and answer you.") % {"day": day}
    return _("We look for your order now and answer you. The moment above counts.")


def _goods(row: Mapping[str, object]) -> str:
    options = f", {row['options']}" if row.get("options") else ""
    return f"{row['quantity']} × {row['name']}{options}"
