"""Have the links to one's orders mailed: for guests who lost theirs and do not know the number."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.limits import attempt
from markets.prefix import storefront_url
from orders.actions.linking import ask_for_links
from orders.forms import LinksForm
from orders.showing import market_of, secret

ASKS_PER_HOUR = 10
MAILS_PER_HOUR = 3
"""To one address: asking again and again must not fill somebody else's mailbox."""


@dataclass(frozen=True, kw_only=True)
class LinksPage:
    """The page that asks for an address, or says that mail comes if there is something to mail."""

    title: str
    action_url: str
    find_url: str
    email: str = ""
    errors: tuple[str, ...] = ()
    is_asked: bool = False


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Field: `email`. The answer is the same whether the address has orders or not."""
    if request.method == "GET":
        return _show(request)
    form = LinksForm(request.POST)
    if not form.is_valid():
        return _show(request, errors=tuple(str(message) for message in form.errors.get("email", [])), status=422)
    if not attempt("order-links", request.META.get("REMOTE_ADDR", ""), limit=ASKS_PER_HOUR, seconds=3600):
        return _show(request, errors=(_("That was tried too often. Wait an hour."),), status=429)
    email = form.cleaned_data["email"].strip().lower()
    if attempt("order-links-to", email, limit=MAILS_PER_HOUR, seconds=3600):
        ask_for_links(email=email)
    return _show(request, is_asked=True)


def _show(
    request: HttpRequest, *, errors: tuple[str, ...] = (), is_asked: bool = False, status: int = 200
) -> HttpResponse:
    market = market_of(request)
    title = _("Get the links to your orders")
    page = LinksPage(
        title=_("Error: %(title)s") % {"title": title} if errors else title,
        action_url=storefront_url("orders:links", market=market.code, language=market.language),
        find_url=storefront_url("orders:find", market=market.code, language=market.language),
        email=request.POST.get("email", "")[:254],
        errors=errors,
        is_asked=is_asked,
    )
    return secret(render(request, "storefront/order_links.html", {"page": page}, status=status))
