"""From a cart to a payable order, and from there to the provider. Promise first, charge second."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from cart.actions import close_cart, remember_duty_wish
from cart.models import Cart, CartState
from cart.queries import Destination, quote_for_cart
from cart.types import Quote
from checkout.compliance import Law, law_on
from checkout.credit import plan_for, refuse_moved
from checkout.entry import Entry, postal_address
from checkout.errors import MethodUnknown, NothingToOrder, QuoteMoved
from checkout.models import Checkout, CheckoutState
from checkout.pages import wanted_consent
from checkout.queries import seller_name
from checkout.rates import lock_rate
from checkout.risk import NOBODY, Person, asked_for
from checkout.saved_cards import chosen_way, plain_code, ways_to_pay
from checkout.shown import unseal
from checkout.tax_number import buyer_of, keep_with_order
from core.money import Money, to_minor
from core.retries import again_when_contended
from core.sequences import spread_number
from markets.fx.lookup import reporting_currency
from markets.tax_ids import note_tax_id
from markets.types import MarketContext
from orders.actions import Addresses, Books, MatchedRules, Terms, keep_for_payment, place_order
from orders.models import Lifecycle, Order
from orders.queries import amount_due
from orders.types import Contact
from payments.actions import CreditWish, open_payment, start_payment
from payments.credit.holders import Holder
from payments.queries import time_to_pay
from payments.types import NextAction


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The order a checkout became. `is_replay`: it had become it before."""

    number: str
    checkout_id: UUID
    is_replay: bool


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What the shopper agreed to: the quote, and what of it gift cards and store credit pay."""

    quote: Quote
    credit: tuple[CreditWish, ...]


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where the provider sends the shopper, and who is asking."""

    return_url: str
    cancel_url: str
    person: Person = NOBODY


def destination_of(entry: Entry, user_id: int | None = None) -> Destination:
    """The part of the form that the quote depends on."""
    return Destination(
        country=entry.country,
        region=entry.ship.get("region", ""),
        postal_code=entry.ship.get("postal_code", ""),
        delivery_code=entry.delivery,
        duty_wish=entry.duty,
        buyer=buyer_of(entry, user_id=user_id),
    )


def save_entry(*, cart_id: UUID, entry: Entry, market: MarketContext, user_id: int | None) -> Checkout:
    """Keep what was typed with the cart's open checkout, so that nothing is lost by leaving the page."""
    with transaction.atomic():
        cart = Cart.objects.lock().filter(pk=cart_id, state=CartState.OPEN).first()
        if cart is None:
            raise NothingToOrder
        remember_duty_wish(cart, entry.duty)
        return _keep(_open_checkout(cart, entry, market), entry, market, user_id)


@again_when_contended
def complete_checkout(
    *,
    cart_id: UUID,
    entry: Entry,
    market: MarketContext,
    user_id: int | None,
    prefix: str,
    holder: Holder | None = None,
) -> Placed:
    """Make the cart an order at exactly the price that was shown; again, it is the same order.

    The entry has been checked (`problems_of`). Raises `QuoteMoved` with the new quote when price, stock, tax or
    delivery moved, `CreditMoved` and `CreditGone` when gift cards or credit did, `OutOfStock`, `QuoteNotOrderable`,
    `NothingToOrder`, `MethodUnknown`, `Busy`; nothing happens then. `holder` is whose store credit may pay.
    """
    with transaction.atomic(durable=True):
        cart = Cart.objects.lock().filter(pk=cart_id).first()
        if cart is None:
            raise NothingToOrder
        if cart.state != CartState.OPEN:
            return _earlier(cart)
        checkout = _keep(_open_checkout(cart, entry, market), entry, market, user_id)
        quote = quote_for_cart(cart=cart, market=market, destination=destination_of(entry, user_id))
        if quote.fingerprint != unseal(entry.shown).fingerprint:
            raise QuoteMoved(quote=quote)
        plan = plan_for(checkout.credit, quote, holder or Holder(user_id=user_id))
        refuse_moved(plan, entry.rest_shown)
        _method(market, plan.rest, entry.payment, user_id)
        law = law_on(quote, entry, market)
        law.refuse()
        order = _place(checkout, Agreed(quote=quote, credit=plan.wishes), entry, market, law, prefix=prefix)
        keep_with_order(entry, user_id=user_id, number=order.number)
        checkout.order_number = order.number
        checkout.quote_fingerprint = quote.fingerprint
        checkout.placed_at = timezone.now()
        checkout.save(update_fields=["order_number", "quote_fingerprint", "placed_at", "updated"])
        checkout.become(state=CheckoutState.PLACED)
        close_cart(cart)
    return Placed(number=order.number, checkout_id=checkout.pk, is_replay=False)


def pay_order(*, number: str, method: str, key: str, market: MarketContext, way: Way) -> NextAction | None:
    """Open a payment for what is still due of the stored order and ask the provider; None when nothing is.

    The same `key` opens one payment. Call it with no transaction open. Raises what `open_payment` and
    `start_payment` raise, and `MethodUnknown`.
    """
    order = Order.objects.get(number=number)
    due = amount_due(order)
    if order.lifecycle != Lifecycle.PENDING_PAYMENT or to_minor(due) <= 0:
        return None
    way_chosen = chosen_way(market, due, method, way.person)
    chosen = way_chosen.method
    within = time_to_pay(market.code, chosen.provider)
    if within is not None:
        keep_for_payment(number=number, until=timezone.now() + within)
    payment = open_payment(
        order_ref=number,
        amount=due,
        provider=chosen.provider,
        method=chosen.code,
        key=f"{number}-{key}",
        asked=replace(asked_for(order, chosen, due, market, way.person), card=way_chosen.card),
    )
    return start_payment(
        payment_ref=payment.ref,
        email=order.email,
        language=market.language,
        market=market.code,
        return_url=way.return_url,
        cancel_url=way.cancel_url,
    )


def _open_checkout(cart: Cart, entry: Entry, market: MarketContext) -> Checkout:
    """The cart's one open checkout. The cart's row is locked, so there is never a second."""
    checkout = Checkout.objects.lock().filter(cart=cart, state=CheckoutState.OPEN).first()
    if checkout is not None:
        return checkout
    try:
        with transaction.atomic():
            return Checkout.objects.create(pk=entry.form_key, cart=cart, market=market.code, language=market.language)
    except IntegrityError:  # the key of a page of another cart: it names nothing here
        return Checkout.objects.create(cart=cart, market=market.code, language=market.language)


def _keep(checkout: Checkout, entry: Entry, market: MarketContext, user_id: int | None) -> Checkout:
    checkout.email = entry.email
    checkout.addresses = entry.as_json()
    checkout.delivery_code, checkout.payment_method = entry.delivery, entry.payment
    checkout.market, checkout.language, checkout.user_id = market.code, market.language, user_id
    checkout.credit = {**checkout.credit, "store": entry.store_credit}
    lock_rate(checkout, market)
    checkout.save()
    return checkout


def _earlier(cart: Cart) -> Placed:
    checkout = Checkout.objects.filter(cart=cart, state=CheckoutState.PLACED).order_by("-placed_at").first()
    if checkout is None or checkout.order_number is None:
        raise NothingToOrder
    return Placed(number=checkout.order_number, checkout_id=checkout.pk, is_replay=True)


def _place(checkout: Checkout, agreed: Agreed, entry: Entry, market: MarketContext, law: Law, *, prefix: str) -> Order:
    user_id, quote = checkout.user_id, agreed.quote
    ship = postal_address(entry.ship, entry.country, market.language)
    bill = None if entry.billing_same else postal_address(entry.bill, entry.bill_country, market.language)
    order = place_order(
        quote=quote,
        checkout_id=checkout.pk,
        number=spread_number(prefix),
        contact=Contact(email=entry.email, phone=ship.part("phone"), user_id=user_id),
        addresses=Addresses(ship=ship, bill=bill),
        terms=Terms(
            payment_method=plain_code(entry.payment),
            return_days=law.return_days(market.return_days),
            withdrawal_days=market.withdrawal_days,
            seller=seller_name(market),
            download_consent=wanted_consent(quote, market) if entry.download_consent else "",
            books=Books(currency=reporting_currency(market.seller), rate=lock_rate(checkout, market)),
            rules=MatchedRules(profile=law.profile(), holds=law.holds()),
            credit=agreed.credit,
            origin=entry.origin,
        ),
    )
    for number in law.numbers():
        note_tax_id(kind=number.kind, typed=number.value, user_id=user_id, reference=order.number)
    return order


def _method(market: MarketContext, rest: Money, code: str, user_id: int | None) -> None:
    if rest.amount and code not in ways_to_pay(market, rest, user_id).codes:
        raise MethodUnknown
