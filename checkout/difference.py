"""Paying the difference of an order that became dearer: the change is made when the money is there."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from checkout.actions import Way
from checkout.coming_back import address, attempt_key, is_expected, next_key, private, see
from checkout.errors import MethodUnknown
from checkout.pages import button_text, payment_choices
from checkout.risk import TOTAL_AGAIN, asked_for, challenge_for, field_of, person_of
from checkout.saved_cards import Ways, chosen_among, ways_to_pay
from checkout.types import ErrorLink, Note, RetryPage
from core.errors import DomainError
from markets.types import MarketContext
from orders.actions import grant_access
from orders.errors import OrderUnknown
from orders.models import ChangeState, Order, OrderChange
from orders.queries import order_by_link
from payments.actions import refresh_payment, start_payment
from payments.actions.opening import open_difference
from payments.errors import AlreadyPaid, PaymentInProgress, ProviderRefused, ProviderUnreachable
from payments.providers.bank.accounts import PROVIDER as BANK
from payments.queries import payment_state
from payments.types import NextAction


@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The page that a mail leads to: what is to be paid, and how."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown:
        return see(address(market, "orders:find"))
    change = waiting_change(order)
    if change is None:
        return see(address(market, "orders:page", number=number, token=token))
    if request.method == "GET":
        return _page(request, market, change, token)
    method = request.POST.get("payment", "")
    if method not in _ways(market, change, person_of(request).user_id).codes:
        return _page(request, market, change, token, error=str(MethodUnknown.message))
    back = request.build_absolute_uri(address(market, "checkout:difference_paid", change=str(change.ref)))
    way = Way(return_url=back, cancel_url=back, person=person_of(request))
    try:
        action = pay_difference(
            change=change, method=method, key=attempt_key(request, order.number), market=market, way=way
        )
    except (AlreadyPaid, PaymentInProgress):
        return see(back)
    except DomainError as refusal:
        return _page(request, market, change, token, error=str(refusal), field=field_of(refusal))
    return see(action.url or back)


@require_GET
def difference_paid(request: HttpRequest, change: UUID) -> HttpResponse:
    """Back from the provider: ask how it stands, then show the order, or the page again."""
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    found = OrderChange.objects.select_related("order").filter(ref=change).first()
    if found is None:
        raise Http404
    money = payment_state(found.order.number)
    if not is_expected(money, found.created):
        return see(address(market, "orders:find"))
    latest = money.latest
    if latest is not None and found.state == ChangeState.REQUESTED:
        with suppress(ProviderUnreachable, ProviderRefused):  # no answer is no news: the worker asks again
            refresh_payment(payment_ref=latest.ref, source="return")
        found.refresh_from_db()
    token = grant_access(number=found.order.number, purpose="checkout")
    name = "checkout:difference" if found.state == ChangeState.REQUESTED else "orders:page"
    return see(address(market, name, number=found.order.number, token=token))


def waiting_change(order: Order) -> OrderChange | None:
    """The change that waits for its payment."""
    return order.changes.filter(state=ChangeState.REQUESTED).select_related("order").first()


def pay_difference(*, change: OrderChange, method: str, key: str, market: MarketContext, way: Way) -> NextAction:
    """Open a payment of the difference and ask the provider. The same `key` opens one payment.

    Call it with no transaction open. Raises what `open_difference` and `start_payment` raise, and `MethodUnknown`.
    """
    way_chosen = chosen_among(_ways(market, change, way.person.user_id), method, way.person)
    chosen = way_chosen.method
    payment = open_difference(
        order_ref=change.order.number,
        amount=change.delta_total,
        provider=chosen.provider,
        method=chosen.code,
        key=f"{change.order.number}-change-{change.pk}-{key}",
        asked=replace(asked_for(change.order, chosen, change.delta_total, market, way.person), card=way_chosen.card),
    )
    return start_payment(
        payment_ref=payment.ref,
        email=change.order.email,
        language=market.language,
        market=market.code,
        return_url=way.return_url,
        cancel_url=way.cancel_url,
    )


def _ways(market: MarketContext, change: OrderChange, user_id: int | None) -> Ways:
    """The ways to pay the difference, kept cards among them. A change waits for a day, and a transfer takes longer."""
    ways = ways_to_pay(market, change.delta_total, user_id)
    return replace(ways, methods=tuple(one for one in ways.methods if one.provider != BANK))


def _page(
    request: HttpRequest,
    market: MarketContext,
    change: OrderChange,
    token: str,
    *,
    error: str = "",
    field: str = "payment",
) -> HttpResponse:
    order = change.order
    ways = _ways(market, change, person_of(request).user_id)
    title = _("Pay the difference")
    shown = RetryPage(
        title=_("Error: %(title)s") % {"title": title} if error else title,
        order_number=order.number,
        notes=(_why(order, change),),
        errors=(ErrorLink(field_id=field, message=error),) if error else (),
        total=change.delta_total,
        pay_by=change.pay_by or order.pay_by,
        payment_choices=payment_choices(ways.methods, order.payment_method),
        payment_error=error if field == "payment" else "",
        button_text=button_text(market, change.delta_total),
        action_url=address(market, "checkout:difference", number=order.number, token=token),
        order_url=address(market, "orders:page", number=order.number, token=token),
        form_key=next_key(payment_state(order.number)),
        challenge=challenge_for(order, payment_state(order.number), person_of(request)),
        challenge_error=error if field == TOTAL_AGAIN else "",
        offers_keeping=ways.keeps,
    )
    return private(render(request, "storefront/checkout_retry.html", {"page": shown}, status=422 if error else 200))


def _why(order: Order, change: OrderChange) -> Note:
    latest = payment_state(order.number).latest
    if latest is not None and latest.state == "failed":
        return Note(
            tone="bad",
            title=_("The payment was declined. Nothing was charged."),
            text=_("Try again or choose another way to pay. Your order stays as it was until then."),
        )
    return Note(
        tone="warn",
        title=_("Your order is to be changed and becomes dearer."),
        text=_(
            "We change it as soon as the difference is paid, and send it then. Without it your order stays as it was."
        ),
    )
