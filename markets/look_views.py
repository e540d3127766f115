"""A market's own style sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from markets.look import css_of
from markets.types import MarketContext

KEPT = "public, max-age=86400"
"""Its address changes with its content."""


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """What the market says about colours and corners."""
    market: MarketContext | None = getattr(request, "market", None)
    if market is None:
        raise Http404
    response = HttpResponse(css_of(market.theme_tokens), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = KEPT
    return response
