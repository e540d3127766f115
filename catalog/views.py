"""Pages of the catalogue: read the address, ask one query, show one page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.actions.searching import count_query
from catalog.addresses import category_path, fragment_path, product_path
from catalog.errors import MovedTo, NotFound
from catalog.queries import listing_page, product_page, redirect_for, search_page, suggestions
from catalog.types import ListingPage, ProductPage
from markets.types import MarketContext

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MOST_SUGGESTIONS = 10


def storefront(view: View[P]) -> View[P]:
    """Only below a market; what the catalogue does not know is the 404 page of the reader's language."""

    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "market", None) is None:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except NotFound as trouble:
            raise Http404 from trouble

    return cast(View[P], shown)


@storefront
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """A category; the part that filters replace when HTMX asks."""
    market = _market(request)
    try:
        page = listing_page(market, slug, dict(request.GET.lists()))
    except MovedTo as moved:
        return _moved(request, category_path(market, moved.slug))
    _tell(request, page)
    return _listing(request, page, "storefront/listing.html")


@storefront
def search(request: HttpRequest) -> HttpResponse:
    """Search results, or the page a query leads straight to."""
    market = _market(request)
    asked = dict(request.GET.lists())
    elsewhere = redirect_for(market, asked)
    if elsewhere is not None:
        return HttpResponseRedirect(elsewhere)
    page = search_page(market, asked)
    if page.query and page.page_number == 1 and not page.chips and "sort" not in asked:
        results = 0 if page.corrected else page.total
        count_query(market_id=market.id, language=market.language, text=page.query, results=results)
    return _listing(request, page, "storefront/search.html")


@storefront
def suggest(request: HttpRequest) -> HttpResponse:
    """Rows under the search field, as a fragment; `most` asks for fewer of them."""
    most = request.GET.get("most", "")
    limit = min(int(most), MOST_SUGGESTIONS) if re.fullmatch(r"[0-9]{1,2}", most) else MOST_SUGGESTIONS
    found = suggestions(_market(request), request.GET.get("q", ""), limit)
    response = render(request, "storefront/partials/suggestions.html", {"page": found})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@storefront
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """A product with one combination chosen."""
    market = _market(request)
    try:
        page = product_page(market, slug, dict(request.GET.lists()))
    except MovedTo as moved:
        return _moved(request, product_path(market, moved.slug))
    _tell(request, page)
    return render(request, "storefront/product.html", {"page": _absolute(request, page)})


@storefront
def product_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """Gallery and buying part for another combination, as a fragment."""
    market = _market(request)
    try:
        page = product_page(market, slug, dict(request.GET.lists()))
    except MovedTo as moved:
        return _moved(request, fragment_path(market, moved.slug))
    response = render(request, "storefront/partials/product_body.html", {"page": page})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _market(request: HttpRequest) -> MarketContext:
    market: MarketContext = request.market  # type: ignore[attr-defined]  # set by MarketMiddleware
    return market


def _listing(request: HttpRequest, page: ListingPage, template: str) -> HttpResponse:
    fragment = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    name = "storefront/partials/listing_results.html" if fragment else template
    response = render(request, name, {"page": _absolute(request, page)})
    if page.noindex:
        response.headers["X-Robots-Tag"] = "noindex, follow"
    patch_vary_headers(response, ["HX-Request"])
    return response


def _tell(request: HttpRequest, page: ListingPage | ProductPage) -> None:
    """What the head of the page needs: its own address and the same page in other languages."""
    request.canonical_path = page.canonical_url  # type: ignore[attr-defined]  # read by markets.prefix
    request.alternate_paths = dict(page.alternates)  # type: ignore[attr-defined]  # read by markets.prefix
    request.written_in = page.written_in  # type: ignore[attr-defined]  # read by markets.prefix
    if isinstance(page, ProductPage) and page.offered_in is not None:
        request.alternate_markets = page.offered_in  # type: ignore[attr-defined]  # read by markets.prefix


def _moved(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path, preserve_request=True)


def _absolute(request: HttpRequest, page: Any) -> Any:
    """The page with absolute addresses in its structured data."""
    changes = {
        name: _with_site(request, getattr(page, name))
        for name in ("json_ld", "breadcrumb_json_ld")
        if getattr(page, name, None)
    }
    return replace(page, **changes) if changes else page


def _with_site(request: HttpRequest, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_site(request, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_site(request, one) for one in value]
    if isinstance(value, str) and value.startswith("/"):
        return request.build_absolute_uri(value)
    return value
