"""A product's markets over HTTP: all of them in one form, and one market's own words and pictures."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View
from modeltrans.conf import get_default_language

from catalog.actions.offers import (
    OfferWish,
    copy_offer,
    offers_seen,
    presentation_seen,
    set_offers,
    set_presentation,
)
from catalog.models import Product, ProductMarket
from catalog.publishing.markets import MarketTable, choosable_media, market_table, own_words
from catalog.workspace.market_forms import CopyForm, OfferRowForm, PresentationForm
from catalog.workspace.screens import go_to, must, screen
from core.errors import DomainError
from markets.names import language_name
from markets.queries import find_market
from markets.types import MarketContext

LOOK, CHANGE = "catalog.view_product", "catalog.change_product"
SAVE, SHOW, HIDE, COPY = "save", "show", "hide", "copy"


class MarketsView(View):
    """Every market in one table."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands."""
        must(request, LOOK)
        product = get_object_or_404(Product, pk=pk)
        table = _table(product)
        return self.page(request, product, table, [OfferRowForm(row) for row in table.rows], CopyForm(table.rows))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the table, or do one thing to all markets. What was typed is never lost."""
        must(request, CHANGE)
        product = get_object_or_404(Product, pk=pk)
        table = _table(product)
        deed = request.POST.get("deed", SAVE)
        rows = [OfferRowForm(row, request.POST if deed == SAVE else None) for row in table.rows]
        copy = CopyForm(table.rows, request.POST if deed == COPY else None)
        asked = [copy] if deed == COPY else rows if deed == SAVE else []
        if sum(not form.is_valid() for form in asked):
            refusal = _("Nothing was saved yet. Look at what is marked.")
            return self.page(request, product, table, rows, copy, refusal=refusal)
        try:
            count = self._act(deed, product, table, rows, copy)
        except DomainError as refused:
            return self.page(request, product, table, rows, copy, refusal=str(refused))
        if count:
            told = ngettext("%(count)d market was changed.", "%(count)d markets were changed.", count)
            messages.success(request, told % {"count": count})
        else:
            messages.info(request, _("Nothing was changed."))
        return go_to(reverse("admin:catalog_markets", args=[pk]))

    def _act(self, deed: str, product: Product, table: MarketTable, rows: list[OfferRowForm], copy: CopyForm) -> int:
        seen = self.request.POST.get("seen", "")
        if deed == COPY:
            given = copy.cleaned_data
            return copy_offer(
                product_id=product.pk, source=given["source"], targets=copy.targets(), parts=given["parts"], seen=seen
            )
        if deed in {SHOW, HIDE}:
            wishes = [
                OfferWish(
                    market_code=row.code,
                    visible=deed == SHOW,
                    visible_from=row.visible_from,
                    visible_until=row.visible_until,
                )
                for row in table.rows
            ]
        else:
            wishes = [row.wish() for row in rows]
        return set_offers(product_id=product.pk, wishes=wishes, seen=seen)

    @staticmethod
    def page(
        request: HttpRequest,
        product: Product,
        table: MarketTable,
        rows: list[OfferRowForm],
        copy: CopyForm,
        *,
        refusal: str = "",
    ) -> HttpResponse:
        """The table; 422 when it was refused. After a refusal the next save compares with what stands now."""
        return screen(
            request,
            "admin/catalog/workspace/markets.html",
            status=422 if refusal else 200,
            title=_("Markets"),
            product=product,
            name=product.text("name", get_language() or "en"),
            page=table,
            rows=rows,
            copy=copy,
            seen=offers_seen(product.pk),
            refusal=refusal,
            may_change=request.user.has_perm(CHANGE),
        )


class MarketView(View):
    """One market's own words, pictures and films."""

    def get(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """What stands; `q` looks further into the library."""
        must(request, LOOK)
        product = get_object_or_404(Product, pk=pk)
        market = _market(code)
        return self.page(request, product, market, self._form(request, product, market))

    def post(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """Save it, if nobody else did since it was shown."""
        must(request, CHANGE)
        product = get_object_or_404(Product, pk=pk)
        market = _market(code)
        form = self._form(request, product, market, request.POST)
        if form.is_valid():
            try:
                changed = set_presentation(
                    product_id=pk,
                    market_code=code,
                    words=form.words(),
                    asset_ids=form.asset_ids(),
                    own_media_only=form.cleaned_data["own_media_only"],
                    seen=request.POST.get("seen", ""),
                )
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                tell: Callable[..., Any] = messages.success if changed else messages.info
                tell(request, _("Saved.") if changed else _("Nothing was changed."))
                return go_to(reverse("admin:catalog_market", args=[pk, code]))
        return self.page(request, product, market, form, status=422)

    @staticmethod
    def _form(request: HttpRequest, product: Product, market: MarketContext, data: Any = None) -> PresentationForm:
        reader = get_language() or "en"
        offer = ProductMarket.objects.filter(product=product, market=market.id).first()
        every = dict.fromkeys((str(get_default_language()), *market.languages))
        return PresentationForm(
            market,
            {code: language_name(code, reader) for code in every},
            choosable_media(product, market, text=request.GET.get("q", ""), language=reader),
            words=own_words(offer),
            own_media_only=offer.own_media_only if offer else False,
            data=data,
        )

    @staticmethod
    def page(
        request: HttpRequest, product: Product, market: MarketContext, form: PresentationForm, *, status: int = 200
    ) -> HttpResponse:
        """The form in its page."""
        return screen(
            request,
            "admin/catalog/workspace/market.html",
            status=status,
            title=market.name,
            product=product,
            name=product.text("name", get_language() or "en"),
            market=market,
            form=form,
            default_language=str(get_default_language()),
            text=request.GET.get("q", ""),
            seen=presentation_seen(product.pk, market.id),
            may_change=request.user.has_perm(CHANGE),
        )


def _table(product: Product) -> MarketTable:
    return market_table(product, language=get_language() or "en")


def _market(code: str) -> MarketContext:
    """The market in the reader's language. Raises `Http404`."""
    market = find_market(code, language=get_language())
    if market is None:
        raise Http404
    return market
