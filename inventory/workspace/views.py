"""The stock sheet over HTTP."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from catalog.workspace.screens import go_to, must, screen
from catalog.workspace.sheets import NOTHING, Typed, read_sheet
from core.errors import DomainError
from inventory.errors import ReasonMissing
from inventory.workspace.sheet import save_stock, stock_sheet

CORRECT, SET_LEVELS = "inventory.correct_stock", "inventory.change_stockitem"


def _key() -> str:
    return str(uuid4())


class SheetForm(forms.Form):
    """Why counts are changed; sent twice, booked once."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for changed counts"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"class": "input"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=_key)


class StockSheetView(View):
    """Look at stock, and save what was counted and set."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "inventory.view_stockitem")
        return self.page(request, SheetForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the changed cells, all or none. What was typed is never lost."""
        may_correct, may_set = request.user.has_perm(CORRECT), request.user.has_perm(SET_LEVELS)
        if not may_correct and not may_set:
            raise PermissionDenied
        form, typed = SheetForm(request.POST), read_sheet(request.POST)
        if not form.is_valid():
            return self.page(request, form, typed, refusal=_("Nothing was saved yet. Load the page again."))
        given = form.cleaned_data
        try:
            typed, count = save_stock(
                typed, reason=given["reason"], op_key=f"sheet:{given['key']}", may_correct=may_correct, may_set=may_set
            )
        except ReasonMissing as missing:
            form.add_error("reason", str(missing))
            return self.page(request, form, typed, refusal=_("Nothing was saved yet: a changed count needs a reason."))
        except DomainError as refused:
            return self.page(request, form, typed, refusal=str(refused))
        if typed.errors or typed.now:
            return self.page(request, form, typed, refusal=_refusal(typed))
        if count:
            told = ngettext("%(count)d stock row was saved.", "%(count)d stock rows were saved.", count)
            messages.success(request, told % {"count": count})
        else:
            messages.info(request, _("Nothing was changed."))
        return go_to(reverse("admin:inventory_sheet"), query=request.GET.urlencode())

    @staticmethod
    def page(request: HttpRequest, form: SheetForm, typed: Typed = NOTHING, *, refusal: str = "") -> HttpResponse:
        """The sheet; 422 when it was refused."""
        context: dict[str, Any] = {
            "title": _("Stock"),
            "page": stock_sheet(request.GET, typed),
            "form": form,
            "refusal": refusal,
            "may_correct": request.user.has_perm(CORRECT),
            "may_set": request.user.has_perm(SET_LEVELS),
        }
        return screen(request, "admin/inventory/sheet.html", status=422 if refusal else 200, **context)


def _refusal(typed: Typed) -> str:
    if typed.errors:
        return _("Nothing was saved yet: some cells cannot be right.")
    return _("Nothing was saved yet: some of these numbers changed meanwhile. Save again to keep yours.")
