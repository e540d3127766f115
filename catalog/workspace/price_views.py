"""The price sheet over HTTP."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from catalog.workspace.price_sheet import price_sheet, save_prices
from catalog.workspace.screens import go_to, must, screen
from catalog.workspace.sheets import NOTHING, Typed, read_sheet
from core.errors import DomainError


class PriceSheetView(View):
    """Look at prices, and save those that were changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "catalog.view_price")
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the changed cells, all or none. What was typed is never lost."""
        must(request, "catalog.change_price")
        typed = read_sheet(request.POST)
        refusal = ""
        try:
            typed, count = save_prices(typed)
        except DomainError as refused:
            return self.page(request, typed, refusal=str(refused))
        if typed.errors:
            refusal = _("Nothing was saved yet: some cells cannot be read.")
        elif typed.now:
            refusal = _("Nothing was saved yet: somebody else changed some of these cells. Save again to keep yours.")
        if refusal:
            return self.page(request, typed, refusal=refusal)
        if count:
            told = ngettext("%(count)d price was saved.", "%(count)d prices were saved.", count)
            messages.success(request, told % {"count": count})
        else:
            messages.info(request, _("Nothing was changed."))
        return go_to(reverse("admin:catalog_prices"), query=request.GET.urlencode())

    @staticmethod
    def page(request: HttpRequest, typed: Typed = NOTHING, *, refusal: str = "") -> HttpResponse:
        """The sheet; 422 when it was refused."""
        return screen(
            request,
            "admin/catalog/workspace/prices.html",
            status=422 if refusal else 200,
            title=_("Prices"),
            page=price_sheet(request.GET, typed),
            refusal=refusal,
            may_change=request.user.has_perm("catalog.change_price"),
        )
