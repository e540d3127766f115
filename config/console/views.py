"""The console's own screens over HTTP. Each is behind the admin's door and asks the permissions of its parts."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from config.console.search import find
from config.console.today import today
from markets.queries import active_markets
from orders.workspace.views import screen


def home(request: HttpRequest) -> HttpResponse:
    """Today."""
    markets = active_markets(language=get_language())
    market = request.GET.get("market", "")
    chosen = market if market in {one.code for one in markets} else ""
    page = today(request.user, view=request.GET.get("view", ""), market=chosen)
    return screen(
        request,
        "admin/console/today.html",
        title=pgettext("screen", "Today"),
        page=page,
        markets=markets,
        market=chosen,
    )


def search(request: HttpRequest) -> HttpResponse:
    """Orders, products, people and screens. An order's exact number opens the order."""
    page = find(request.GET.get("q", ""), request.user)
    exact = [
        hit for _label, hits in page.groups for hit in hits if hit.kind == "order" and hit.label == page.query.upper()
    ]
    if exact:
        return HttpResponse(status=302, headers={"Location": exact[0].url})
    return screen(
        request, "admin/console/search.html", title=_("Search"), page=page, search_url=reverse("admin:console_search")
    )
