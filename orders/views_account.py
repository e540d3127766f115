"""From a guest's order to an account: offered on the order's page, never required."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from markets.prefix import storefront_url
from markets.types import MarketContext
from members.joining import begin_membership
from members.queries import proven_emails
from orders.actions import claim_order
from orders.actions.claiming import may_claim
from orders.errors import OrderUnknown
from orders.models import Order
from orders.queries import order_by_link
from orders.showing import finder, show_order
from orders.types import AccountOffer

WISHES = "orders_to_claim"
MOST_WISHES = 20


def account_offer(request: HttpRequest, order: Order, token: str) -> AccountOffer | None:
    """What the order's page offers its reader: an account, or to keep the order in the one they are signed in to."""
    if order.user_id is not None:
        return None
    offer = AccountOffer(
        kind="join",
        action_url=_url(request, "orders:account", number=order.number, token=token),
        sign_in_url=f"{_url(request, 'account_login')}?next={_page_url(request, order.number, token)}",
    )
    if not request.user.is_authenticated:
        return offer
    mine = may_claim(order, emails=proven_emails(request.user.pk))
    return replace(offer, kind="claim") if mine else None


def keep_promise(request: HttpRequest, order: Order) -> Order:
    """Put the order into the account that was asked for from its own page, once the address is proven."""
    wishes = request.session.get(WISHES) if request.user.is_authenticated and order.user_id is None else None
    if not wishes or order.number not in wishes:
        return order
    try:
        claimed = claim_order(
            number=order.number, user_id=request.user.pk or 0, emails=proven_emails(request.user.pk or 0)
        )
    except OrderUnknown:
        return order
    finally:
        request.session[WISHES] = [number for number in wishes if number != order.number]
    messages.success(request, _("This order is in your account now."))
    return claimed


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Field: `password`. Signed in already: the order joins the account. The link in the address is what opens it.

    A GET, after a language was changed on the answer to a refused password, leads back to the order.
    """
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    page_url = _page_url(request, number, token)
    if request.method == "GET" or order.user_id is not None:
        return _see(page_url)
    _remember_wish(request, number)
    if request.user.is_authenticated:
        return _see(page_url)
    begun = begin_membership(request, email=order.email, password=request.POST.get("password", ""), next_url=page_url)
    if begun.response is not None:
        return begun.response
    offer = account_offer(request, order, token)
    account = replace(offer, errors=begun.problems) if offer is not None else None
    return show_order(request, order, token, account=account, status=422)


def _remember_wish(request: HttpRequest, number: str) -> None:
    wishes = [one for one in request.session.get(WISHES, []) if one != number]
    request.session[WISHES] = [*wishes, number][-MOST_WISHES:]


def _page_url(request: HttpRequest, number: str, token: str) -> str:
    return _url(request, "orders:page", number=number, token=token)


def _url(request: HttpRequest, name: str, **kwargs: str) -> str:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs or None)


def _see(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})
