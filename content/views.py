"""Home, pages of words, the account's first page, sitemap, robots, style guide."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from checkout.visits import CONSENT, forget_visit
from content.accounts import account_page
from content.organization import organization_json_ld
from content.queries import home_page, policy_page
from content.sitemaps import market_sitemap, product_sitemap, sitemap_index
from content.styleguide import sample_page
from markets.prefix import home_url, is_safe_next
from markets.types import MarketContext

MOST_BLOCKS = 1_000_000
CONSENT_SECONDS = 60 * 60 * 24 * 180
XML = "application/xml; charset=utf-8"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of a market."""
    market = _market(request)
    context = {"page": home_page(market), "organization": organization_json_ld(request, market)}
    return render(request, "storefront/home.html", context)


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """A policy or another page of words."""
    found = policy_page(_market(request), code)
    if found is None:
        raise Http404
    return render(request, "storefront/policy.html", {"page": found})


@never_cache
@login_required(login_url="account_login")
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """A member's orders."""
    found = account_page(request.user)  # type: ignore[arg-type]  # login_required: a member
    return render(request, "account/home.html", {"page": found})


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, and where the sitemap is."""
    context = {"sitemap_url": request.build_absolute_uri("/sitemap.xml")}
    return render(request, "storefront/robots.txt", context, content_type="text/plain; charset=utf-8")


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the markets' sitemaps."""
    context = {"entries": sitemap_index(request)}
    return render(request, "storefront/sitemap_index.xml", context, content_type=XML)


@require_GET
def sitemap_of_market(request: HttpRequest) -> HttpResponse:
    """Every page of one market in one language."""
    context = {"entries": market_sitemap(request, _market(request))}
    return render(request, "storefront/sitemap.xml", context, content_type=XML)


@require_GET
def sitemap_of_products(request: HttpRequest, block: int) -> HttpResponse:
    """A block of the products of one market in one language; 404 for a block without any."""
    entries = product_sitemap(request, _market(request), block) if block < MOST_BLOCKS else None
    if entries is None:
        raise Http404
    return render(request, "storefront/sitemap.xml", {"entries": entries}, content_type=XML)


@require_http_methods(["GET", "POST"])
def cookies(request: HttpRequest) -> HttpResponse:
    """The choice about optional cookies, made or made anew. Fields: `choice` ("accept" or "reject"), `next`."""
    market = _market(request)
    if request.method == "GET":
        return render(request, "storefront/cookies.html", {"next": home_url(market)})
    following = request.POST.get("next", "")
    response = HttpResponseRedirect(following if is_safe_next(request, following) else home_url(market))
    choice = "accept" if request.POST.get("choice") == "accept" else "reject"
    if choice == "reject" and settings.SESSION_COOKIE_NAME in request.COOKIES:
        forget_visit(request)
    response.set_cookie(CONSENT, choice, max_age=CONSENT_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, in both directions; only while developing."""
    if not settings.SHOW_STYLEGUIDE:
        raise Http404
    direction = "rtl" if request.GET.get("dir") == "rtl" else "ltr"
    context = {"page": sample_page(is_long=request.GET.get("text") == "long"), "sample_dir": direction}
    return render(request, "storefront/styleguide.html", context)


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext | None = getattr(request, "market", None)
    if market is None:
        raise Http404
    return market
