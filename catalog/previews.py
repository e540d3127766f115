"""Previews over HTTP: pages nobody may keep, find or buy from, for whoever has the signed link."""

from dataclasses import dataclass, replace
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.addresses import product_path
from catalog.errors import MovedTo, NotFound
from catalog.listing.matching import PAGE_SIZE
from catalog.models import Route
from catalog.publishing.preview import CATEGORY, PRODUCT, Preview, as_it_will_be, belongs, listed_ids, read_preview
from catalog.queries import product_page
from catalog.queries.cards import cards_for
from catalog.queries.menu import crumbs_to, shelves
from catalog.queries.routes import find_category, find_product
from catalog.types import Card, Crumb, ProductPage
from markets.prefix import storefront_url
from markets.types import MarketContext

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, kw_only=True)
class PreviewListing:
    """A category as it will be."""

    title: str
    description: str
    crumbs: tuple[Crumb, ...]
    cards: tuple[Card, ...]
    total: int
    page_number: int
    page_count: int
    noindex: bool = True


@require_safe
def product(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """A product as it will be."""
    market, preview = _opened(request, token)
    with as_it_will_be(preview, market) as seen:
        product_id = _found(market, slug)
        if not belongs(seen, market, product_id):
            raise Http404
        _tell(request, seen, "product", product_id, market)
        try:
            page = _inside(product_page(market, slug, dict(request.GET.lists())), seen, market, slug)
        except NotFound:
            return _unshowable(request, seen)
        return _answer(render(request, "storefront/preview/product.html", {"page": page, "preview": seen}))


@require_safe
def category(request: HttpRequest, token: str, slug: str) -> HttpResponse:
    """A category as it will be."""
    market, preview = _opened(request, token)
    with as_it_will_be(preview, market) as seen:
        try:
            category_id = find_category(market, slug)
        except (NotFound, MovedTo) as trouble:
            raise Http404 from trouble
        shelf = shelves(market).by_id.get(category_id)
        if shelf is None or seen.sight.kind != CATEGORY or seen.sight.id != category_id:
            raise Http404
        _tell(request, seen, "category", category_id, market)
        ids = listed_ids(seen.sight, market)
        number = _page_number(request, len(ids))
        cards = cards_for(market, ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
        page = PreviewListing(
            title=shelf.label,
            description=shelf.description,
            crumbs=(*crumbs_to(market, shelf.id)[:-1], Crumb(shelf.label)),
            cards=tuple(replace(card, url=_to_preview(card.url, seen, market)) for card in cards),
            total=len(ids),
            page_number=number,
            page_count=max(ceil(len(ids) / PAGE_SIZE), 1),
        )
        return _answer(render(request, "storefront/preview/listing.html", {"page": page, "preview": seen}))


def preview_path(market: MarketContext, kind: str, slug: str, token: str) -> str:
    """Where a link leads."""
    name = "catalog:preview_product" if kind == PRODUCT else "catalog:preview_category"
    return storefront_url(name, market=market.code, language=market.language, kwargs={"token": token, "slug": slug})


def _opened(request: HttpRequest, token: str) -> tuple[MarketContext, Preview]:
    market: MarketContext | None = getattr(request, "market", None)
    if market is None:
        raise Http404
    try:
        return market, read_preview(token, market)
    except NotFound as trouble:
        raise Http404 from trouble


def _found(market: MarketContext, slug: str) -> int:
    try:
        return find_product(market, slug)
    except (NotFound, MovedTo) as trouble:
        raise Http404 from trouble


def _tell(request: HttpRequest, preview: Preview, owner: str, target: int, market: MarketContext) -> None:
    """The same preview in the market's other languages; search engines are told of none of them."""
    letter = owner[0]
    slugs = Route.objects.filter(**{owner: target}, current=True, language__in=market.languages)
    request.alternate_paths = {  # type: ignore[attr-defined]  # read by markets.prefix
        language: f"preview/{preview.token}/{letter}/{slug}/"
        for language, slug in slugs.values_list("language", "slug")
    }
    request.alternate_markets = frozenset({market.code})  # type: ignore[attr-defined]  # read by markets.prefix


def _inside(page: ProductPage, preview: Preview, market: MarketContext, slug: str) -> ProductPage:
    """Every choice on the page stays in the preview."""
    own, there = product_path(market, slug), preview_path(market, PRODUCT, slug, preview.token)
    pickers = tuple(
        replace(
            picker,
            choices=tuple(replace(choice, url=choice.url.replace(own, there, 1)) for choice in picker.choices),
        )
        for picker in page.pickers
    )
    crumbs = (*page.crumbs[:-1], Crumb(page.crumbs[-1].label))
    return replace(page, pickers=pickers, crumbs=crumbs, url=page.url.replace(own, there, 1), fragment_url="")


def _to_preview(url: str, preview: Preview, market: MarketContext) -> str:
    start = f"{market.url_prefix}p/"
    return url.replace(start, f"{market.url_prefix}preview/{preview.token}/p/", 1)


def _page_number(request: HttpRequest, total: int) -> int:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return min(max(number, 1), max(ceil(total / PAGE_SIZE), 1))


def _unshowable(request: HttpRequest, preview: Preview) -> HttpResponse:
    """It has no price there, or no variant: there is no page to show."""
    reason = _("There is nothing to show yet: the product has no variant with a price in this market.")
    context = {"preview": preview, "reason": reason}
    return _answer(render(request, "storefront/preview/nothing.html", context, status=404))


def _answer(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
