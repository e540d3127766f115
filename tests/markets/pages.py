"""A tiny address book: one page below the prefix that tells what it knows, and one outside."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from markets import views
from markets.context import market
from markets.urls import market_patterns

handler404 = "markets.views.page_not_found"


def tell(request: HttpRequest, slug: str = "") -> JsonResponse:
    if slug:
        request.alternate_paths = {"de": "thing/teller/", "en": "thing/plate/"}
    known = market(request)
    here = known.get("market")
    if here is None:
        return JsonResponse({"market": None, "lang": known["lang"]})
    return JsonResponse(
        {
            "market": here.code,
            "language": here.language,
            "country": here.country,
            "name": here.name,
            "button": here.order_button_text,
            "dir": known["dir"],
            "lang": known["lang"],
            "canonical": known["canonical_url"],
            "languages": {one.code: one.url for one in known["languages"]},
            "markets": {one.code: one.url for one in known["markets"]},
            "alternates": {one.hreflang: one.url for one in known["alternates"]},
            "suggestion": known["suggestion"].url if known["suggestion"] else None,
            "words": known["suggestion"].text if known["suggestion"] else None,
        }
    )


urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("outside/", tell, name="outside"),
    *market_patterns(
        path("", include("markets.urls")),
        path("", tell, name="home"),
        path("thing/<slug:slug>/", tell, name="thing"),
        path("plain/", tell, name="plain"),
    ),
]
