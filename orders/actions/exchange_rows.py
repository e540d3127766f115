"""An exchange as rows: agreed with price and stock, given up, or made an order. Callers hold the order's lock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.events import publish
from core.money import from_minor, to_minor
from inventory.actions import hold_stock, release_hold
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx import RateFact, rate_on
from markets.fx.lookup import reporting_currency
from markets.tax_ids.actions import repeat_tax_ids
from orders.actions.changing_stock import plans_of
from orders.actions.placing import Addresses, Books, MatchedRules, Terms, place_order
from orders.actions.refund_rows import shipping_part, wished_parts
from orders.actions.trail import write_event
from orders.changes.law import agreed_before, rules_of
from orders.events import ExchangeGivenUp, ExchangeOrdered
from orders.exchanging.errors import AlreadyOrdered
from orders.exchanging.pricing import Priced, Wanted, price_exchange, wanted_by
from orders.exchanging.rules import balance, sends
from orders.exchanging.standing import standing_of_customer
from orders.models import (
    Exchange,
    ExchangeSends,
    ExchangeState,
    LinkKind,
    Order,
    OrderLink,
    Resolution,
    ReturnLine,
    ReturnRequest,
)
from orders.returning.units import policy_row
from orders.routes import route_of_order
from orders.sellers import market_of
from orders.types import Contact, DeliveryWish, PostalAddress, RefundWish
from payments.actions import CreditWish, fund_exchange
from payments.actions.exchange_credit import Source

ON_THE_WAY = timedelta(days=14)
"""How long stock is held beyond the last day to send the goods back: their way, and looking at them."""
PAY_WITHIN = timedelta(days=3)
"""How long the customer has to pay what the exchange costs more."""


def wants_another(request: ReturnRequest, rows: Sequence[ReturnLine]) -> bool:
    """Whether another variant is wanted. The same one again is sent free of charge instead; see `replace_return`."""
    if request.resolution != Resolution.EXCHANGE or any(row.wanted_id is None for row in rows):
        return False
    return any(row.wanted_id != row.order_line.variant_id for row in rows)


def agree_exchange(request: ReturnRequest) -> Exchange | None:
    """Agree to the exchange a return asks for: its prices stand from now on, and its stock is held until the goods
    should be back. For a customer in good standing, where the market says so, it is ordered at once.

    None when no other variant is wanted. Raises `OutOfStock`, and `ChangeRefused` for what cannot be sold there.
    """
    rows = list(request.lines.select_related("order_line").order_by("pk"))
    if not wants_another(request, rows):
        return None
    order, policy = request.order, policy_row(request.order.market)
    priced = price_exchange(order, wanted_by(rows), policy=policy.exchange_price)
    exchange = Exchange.objects.create(
        return_request=request,
        sends=sends(policy.exchange_sends, standing_of_customer(order)),
        wants=[_agreed(one) for one in priced.wants],
    )
    write_event(order, "exchange.agreed", to_customer=True, **{"return": request.number})
    if exchange.sends == ExchangeSends.FIRST:
        wishes = [RefundWish(line_id=row.order_line_id, quantity=row.quantity) for row in rows]
        share = balance(worth=worth_of(order, wishes), total=to_minor(priced.quote.total))
        order_exchange(exchange, order, priced, credit_minor=share.credit, why="advanced")
    else:
        _hold(exchange, order, priced, lasts=timedelta(days=policy.send_within_days) + ON_THE_WAY)
    return exchange


def worth_of(order: Order, wishes: Sequence[RefundWish], shipping: DeliveryWish = False) -> int:
    """What the wishes would bring back, in minor units: what a refund of them would be. Raises `NothingToRefund`."""
    return sum(one.part.amount for one in wished_parts(order, wishes)) + sum(shipping_part(order, shipping))


def _agreed(one: Wanted) -> dict[str, Any]:
    return {"line": one.line_id, "variant": one.variant_id, "quantity": one.quantity, "unit": one.unit}


def _hold(exchange: Exchange, order: Order, priced: Priced, *, lasts: timedelta) -> None:
    minutes = max(1, int(lasts.total_seconds() // 60))
    plans = hold_stock(
        owner=exchange.ref,
        demands=priced.demands,
        market_code=order.market,
        minutes=minutes,
        route=route_of_order(order),
    )
    exchange.places, exchange.held_until = plans_of(plans), timezone.now() + lasts
    exchange.save(update_fields=["places", "held_until", "updated"])


def held_places(exchange: Exchange) -> list[dict[str, Any]]:
    """From where what is held would leave; empty once it is not held any more."""
    is_held = exchange.held_until is not None and exchange.held_until > timezone.now()
    return list(exchange.places) if is_held else []


def drop_exchange(request: ReturnRequest, *, reason: str) -> None:
    """The return ends without its exchange: nothing is held for it any more. None agreed, or given up: nothing to do.

    With a `reason` the customer is told that they get their money instead. Raises `AlreadyOrdered` when what is
    wanted is an order that stands.
    """
    exchange = Exchange.objects.filter(return_request=request).first()
    if exchange is None or exchange.state == ExchangeState.GIVEN_UP:
        return
    if exchange.state == ExchangeState.ORDERED:
        if exchange.has_ended:
            return
        raise AlreadyOrdered
    exchange.reason, exchange.held_until = reason[:200], None
    exchange.save(update_fields=["reason", "held_until", "updated"])
    exchange.become(state=ExchangeState.GIVEN_UP)
    release_hold(owner=exchange.ref)
    write_event(request.order, "exchange.given_up", to_customer=True, note=reason, **{"return": request.number})
    publish(ExchangeGivenUp(number=request.order.number, exchange_id=exchange.pk))


def order_exchange(exchange: Exchange, order: Order, priced: Priced, *, credit_minor: int, why: Source) -> Order:
    """Make what is wanted an order, paid with `credit_minor` of the exchange as far as that goes.

    What it costs more is paid by its customer within `PAY_WITHIN`, or it expires like every unpaid order. The account
    of the credit is locked before the stock. Raises `OutOfStock`.
    """
    credit: tuple[CreditWish, ...] = ()
    if credit_minor:
        amount = from_minor(credit_minor, order.currency)
        account = fund_exchange(exchange_ref=exchange.ref, amount=amount, why=why, order_ref=order.number)
        credit = (CreditWish(account_id=account.pk, minor=credit_minor),)
    child = place_order(
        quote=priced.quote,
        checkout_id=exchange.ref,
        number=_next_number(order),
        contact=Contact(email=order.email, phone=order.phone, user_id=order.user_id),
        addresses=_addresses(order),
        terms=_terms(order, priced, credit),
    )
    repeat_tax_ids(reference=order.number, again=child.number)
    OrderLink.objects.create(source=child, target=order, kind=LinkKind.EXCHANGE_OF)
    exchange.child, exchange.credit_minor, exchange.held_until = child, credit_minor, None
    exchange.save(update_fields=["child", "credit_minor", "held_until", "updated"])
    exchange.become(state=ExchangeState.ORDERED)
    write_event(child, "exchange.of", to_customer=True, other=order.number)
    write_event(order, "exchange.ordered", to_customer=True, other=child.number)
    publish(ExchangeOrdered(number=order.number, child=child.number, exchange_id=exchange.pk))
    return child


def _next_number(order: Order) -> str:
    taken = Order.objects.filter(number__startswith=f"{order.number}-E").count()
    return f"{order.number}-E{taken + 1}"


def _addresses(order: Order) -> Addresses:
    bill = order.addresses.get("bill")
    return Addresses(ship=_address(order.addresses["ship"]), bill=_address(bill) if bill else None)


def _address(stored: dict[str, Any]) -> PostalAddress:
    return PostalAddress(country=stored["country"], parts=tuple(stored["parts"].items()), lines=tuple(stored["lines"]))


def _terms(order: Order, priced: Priced, credit: tuple[CreditWish, ...]) -> Terms:
    """The market's rights of today, and today's rules for what is sent."""
    market = market_of(order)
    return Terms(
        payment_method=order.payment_method,
        return_days=max(order.return_days, market.return_days),
        withdrawal_days=market.withdrawal_days,
        seller=order.seller_name,
        merchant_ref=order.merchant_ref,
        books=_books(order),
        rules=_rules(order, priced),
        credit=credit,
        pay_within=PAY_WITHIN,
    )


def _rules(order: Order, priced: Priced) -> MatchedRules:
    """Asked anew for what is sent instead; what they hold starts the new order with a hold. Raises `ChangeRefused`."""
    found = rules_of(order, order.addresses["ship"]["parts"], priced.quote)
    holds = tuple((str(code), str(reason)) for code, reason in found["holds"])
    return MatchedRules(profile={**found["profile"], **agreed_before(order)}, holds=holds)


def _books(order: Order) -> Books:
    """Today's rate to the seller's currency; none when none is known, as for every order."""
    currency = reporting_currency(market_of(order).seller)
    try:
        rate: RateFact | None = rate_on(order.currency, currency, timezone.now().date(), market=order.market)
    except (ExchangeRateMissing, ExchangeRateStale):
        rate = None
    return Books(currency=currency, rate=rate)
