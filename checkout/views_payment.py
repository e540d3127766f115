"""To the provider and back: pay, come back, try again. Coming back only ever moves forward."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from checkout.actions import Placed, Way, pay_order
from checkout.coming_back import address, attempt_key, is_expected, next_key, private, see
from checkout.credit_words import paid_rows
from checkout.errors import MethodUnknown
from checkout.pages import button_text, payment_choices
from checkout.queries import placed_checkout
from checkout.risk import TOTAL_AGAIN, challenge_for, field_of, person_of
from checkout.saved_cards import ways_to_pay
from checkout.types import ConfirmingPage, ErrorLink, Note, RetryPage
from core.errors import DomainError
from markets.types import MarketContext
from orders.actions import grant_access
from orders.errors import OrderUnknown
from orders.models import Lifecycle, Order
from orders.queries import amount_due, order_by_link
from payments.actions import refresh_payment
from payments.cards.queries import was_saved_card
from payments.errors import AlreadyPaid, PaymentInProgress, ProviderRefused, ProviderUnreachable
from payments.providers.bank.accounts import PROVIDER as BANK
from payments.queries import payment_state
from payments.types import OrderMoney


def go_and_pay(request: HttpRequest, *, placed: Placed, method: str, key: str) -> HttpResponse:
    """Open the payment and send the shopper to the provider. What fails leads to the page that tries again."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    back = request.build_absolute_uri(address(market, "checkout:return", checkout=str(placed.checkout_id)))
    way = Way(return_url=back, cancel_url=back, person=person_of(request))
    try:
        action = pay_order(number=placed.number, method=method, key=key, market=market, way=way)
    except (AlreadyPaid, PaymentInProgress):
        return see(back)
    except DomainError:
        return see(_retry_url(market, placed.number))
    if action is not None and action.url:
        return see(action.url)
    return see(back)


@require_GET
def come_back(request: HttpRequest, checkout: UUID) -> HttpResponse:
    """The shopper is back from the provider: ask how it stands, then show the order, or wait, or try again."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    done = placed_checkout(checkout)
    if done is None or done.order_number is None:
        return see(address(market, "orders:find"))
    money = payment_state(done.order_number)
    if not is_expected(money, done.placed_at):
        return see(address(market, "orders:find"))
    if money.undecided and money.latest is not None:
        _ask(money.latest.ref)
        money = payment_state(done.order_number)
    order = Order.objects.get(number=done.order_number)
    if order.lifecycle != Lifecycle.PENDING_PAYMENT:
        return see(_order_url(market, order))
    if _waits_for_transfer(money):
        return see(_order_url(market, order))
    if _is_not_asked(money):
        return see(_retry_url(market, order.number))
    return _confirming(request, market, order)


def _waits_for_transfer(money: OrderMoney) -> bool:
    """The shopper knows where to transfer to; that takes days, and nobody waits for it on a page."""
    latest = money.latest
    return latest is not None and latest.provider == BANK and latest.state in ("action_required", "captured")


def _is_not_asked(money: OrderMoney) -> bool:
    """No provider has been asked for what is due, or its attempt has ended, or waits for the shopper."""
    latest = money.latest
    return latest is None or latest.is_credit or latest.state in ("failed", "canceled", "action_required", "created")


@require_http_methods(["GET", "POST"])
def retry(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Pay for an order that exists: the same or another method, never a second order or charge."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown:
        return see(address(market, "orders:find"))
    if order.lifecycle != Lifecycle.PENDING_PAYMENT:
        return see(address(market, "orders:page", number=number, token=token))
    if request.method == "GET":
        return _retry_page(request, market, order, token)
    method = request.POST.get("payment", "")
    if method not in ways_to_pay(market, amount_due(order), person_of(request).user_id).codes:
        return _retry_page(request, market, order, token, error=str(MethodUnknown.message))
    return _pay_again(request, market, order, token, method)


def _pay_again(request: HttpRequest, market: MarketContext, order: Order, token: str, method: str) -> HttpResponse:
    back = request.build_absolute_uri(address(market, "checkout:return", checkout=str(order.group.checkout)))
    way = Way(return_url=back, cancel_url=back, person=person_of(request))
    try:
        action = pay_order(
            number=order.number, method=method, key=attempt_key(request, order.number), market=market, way=way
        )
    except (AlreadyPaid, PaymentInProgress):
        return see(back)
    except DomainError as refusal:
        return _retry_page(request, market, order, token, error=str(refusal), field=field_of(refusal))
    return see(action.url if action is not None and action.url else back)


def _ask(payment_ref: UUID) -> None:
    """How it stands at the provider. No answer is no news."""
    try:
        refresh_payment(payment_ref=payment_ref, source="return")
    except (ProviderUnreachable, ProviderRefused):
        return


def _confirming(request: HttpRequest, market: MarketContext, order: Order) -> HttpResponse:
    secret = grant_access(number=order.number, purpose="checkout")
    link = {"number": order.number, "token": secret}
    shown = ConfirmingPage(
        title=_("We are confirming your payment"),
        order_number=order.number,
        note=Note(
            tone="warn",
            title=_("The payment provider has not answered yet."),
            text=_(
                "You need not do anything. This page looks again by itself, and we write to you as soon as we know."
            ),
        ),
        status_url=address(market, "orders:status", **link),
        order_url=address(market, "orders:page", **link),
        retry_url="",
    )
    return private(render(request, "storefront/checkout_confirming.html", {"page": shown}))


def _retry_page(
    request: HttpRequest, market: MarketContext, order: Order, token: str, *, error: str = "", field: str = "payment"
) -> HttpResponse:
    money = payment_state(order.number)
    due = amount_due(order)
    ways = ways_to_pay(market, due, person_of(request).user_id)
    title = _("Pay for your order")
    shown = RetryPage(
        title=_("Error: %(title)s") % {"title": title} if error else title,
        order_number=order.number,
        notes=(_what_happened(money),),
        errors=(ErrorLink(field_id=field, message=error),) if error else (),
        total=due,
        paid_rows=paid_rows(money),
        pay_by=order.pay_by,
        payment_choices=payment_choices(ways.methods, order.payment_method),
        payment_error=error if field == "payment" else "",
        button_text=button_text(market, due),
        action_url=address(market, "checkout:retry", number=order.number, token=token),
        order_url=address(market, "orders:page", number=order.number, token=token),
        form_key=next_key(money),
        challenge=challenge_for(order, money, person_of(request)),
        challenge_error=error if field == TOTAL_AGAIN else "",
        offers_keeping=ways.keeps,
    )
    return private(render(request, "storefront/checkout_retry.html", {"page": shown}, status=422 if error else 200))


def _what_happened(money: OrderMoney) -> Note:
    latest = money.latest
    if latest is not None and latest.state == "failed" and was_saved_card(latest):
        return Note(
            tone="bad",
            title=_("Your saved card did not work. Nothing was charged."),
            text=_("Choose another way to pay, or type a card. Your order and everything you typed are kept."),
        )
    if latest is not None and latest.state == "failed":
        return Note(
            tone="bad",
            title=_("The payment was declined. Nothing was charged."),
            text=_("Try again or choose another way to pay. Your order and everything you typed are kept."),
        )
    return Note(
        tone="warn",
        title=_("The payment is not finished. Nothing was charged."),
        text=_("Your order and everything you typed are kept. Choose how you want to pay."),
    )


def _order_url(market: MarketContext, order: Order) -> str:
    secret = grant_access(number=order.number, purpose="checkout")
    return address(market, "orders:page", number=order.number, token=secret)


def _retry_url(market: MarketContext, number: str) -> str:
    secret = grant_access(number=number, purpose="retry")
    return address(market, "checkout:retry", number=number, token=secret)
