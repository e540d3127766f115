"""The balance of a gift card for whoever knows its code, and store credit for whoever got its link by mail."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from markets.prefix import storefront_url
from markets.types import MarketContext
from payments.credit.holders import OPENED, account_of_link
from payments.credit.pages import CardPage, CreditPage, balances, card_page, movements
from payments.credit.queries import card_by_code
from payments.models import CreditAccount, CreditKind

MOST_OPENED = 5


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    """Ask for a code and say what is on the card; the code is in no address and not said again."""
    title, url = _("Balance of a gift card"), _url(request, "credit:card")
    shown, status = CardPage(title=title, action_url=url), 200
    if request.method == "POST":
        try:
            found = card_by_code(request.POST.get("code", ""), visitor=request.META.get("REMOTE_ADDR", ""))
            shown = card_page(found, title=title, action_url=url)
        except DomainError as refusal:
            wrong = _("Error: %(title)s") % {"title": title}
            shown, status = CardPage(title=wrong, action_url=url, error=str(refusal)), 422
    return render(request, "storefront/gift_card.html", {"page": shown}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Store credit by its mailed link. POST lets this browser's checkout use it."""
    named = account_of_link(token) or 0
    account = CreditAccount.objects.filter(pk=named, kind=CreditKind.STORE_CREDIT).first()
    if account is None:
        raise Http404
    opened = [int(pk) for pk in request.session.get(OPENED, ())]
    here = _url(request, "credit:own", token=token)
    if request.method == "POST":
        request.session[OPENED] = [*(pk for pk in opened if pk != account.pk), account.pk][-MOST_OPENED:]
        answer = HttpResponseRedirect(here)
        answer.status_code = 303
        return answer
    shown = CreditPage(
        title=_("Your store credit"),
        balances=balances([account]),
        movements=movements([account]),
        action_url=here,
        is_opened=account.pk in opened,
        cart_url=_url(request, "cart:page"),
    )
    return render(request, "storefront/store_credit.html", {"page": shown})


def _url(request: HttpRequest, name: str, **kwargs: str) -> str:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by markets.middleware
    return storefront_url(name, market=market.code, language=market.language, kwargs=kwargs or None)
