"""Buyers' tax numbers in the admin: looked at, asked about again, confirmed by hand with a proof, and revealed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from core.admin import Operation, OperationView, ReadOnlyAdmin
from core.errors import DomainError
from core.sealing import SealBroken, fingerprints
from markets.errors import NumberUnreadable
from markets.models import BuyerTaxId
from markets.models.buyers import UNREADABLE
from markets.tax_ids.actions import ask_again, confirm_tax_id, reveal_tax_id
from markets.tax_ids.kinds import kind_of

PERMISSION = "markets.check_buyertaxid"
REVEAL = "markets.reveal_buyertaxid"
INPUT = {"class": "input"}


class AskForm(forms.Form):
    """Nothing is asked."""


class ProofForm(forms.Form):
    """What somebody has found out, and with which proof."""

    verdict = forms.ChoiceField(
        label=_("The number is"),
        choices=[
            ("valid", pgettext_lazy("tax number", "valid")),
            ("invalid", pgettext_lazy("tax number", "not valid")),
        ],
        widget=forms.Select(attrs=INPUT),
    )
    proof = forms.CharField(
        label=_("Proof"),
        max_length=80,
        help_text=_("The number of the consultation, or where its paper is kept."),
        widget=forms.TextInput(attrs=INPUT),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs=INPUT))


@contextmanager
def _read() -> Iterator[None]:
    """A number whose key is lost refuses what is to be done with it, in words."""
    try:
        yield
    except SealBroken as broken:
        raise NumberUnreadable from broken


@_read()
def _ask(target: models.Model, _answers: dict[str, Any]) -> None:
    ask_again(tax_id=int(target.pk))


@_read()
def _confirm(target: models.Model, answers: dict[str, Any]) -> None:
    confirm_tax_id(
        tax_id=int(target.pk),
        is_valid=answers["verdict"] == "valid",
        consultation_ref=answers["proof"],
        reason=answers["reason"],
    )


class RevealForm(forms.Form):
    """Why somebody looks."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.TextInput(attrs=INPUT))


@_read()
def _reveal(target: models.Model, answers: dict[str, Any]) -> str:
    return reveal_tax_id(tax_id=int(target.pk), reason=answers["reason"])


class TaxIdView(OperationView):
    """An operation on one number."""

    def target(self) -> models.Model:
        """The number of the address."""
        return get_object_or_404(BuyerTaxId.objects.closed(), pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """The number's own page."""
        return reverse("admin:markets_buyertaxid_change", args=[target.pk])


class AskView(TaxIdView):
    """Ask its register now."""

    operation = Operation(
        name="ask",
        permission=PERMISSION,
        title=_("Ask the register again"),
        done=_("The register was asked. Its answer stands below."),
        form=AskForm,
        act=_ask,
        warning=_("Without a clear answer the number counts as not checked, and the tax is charged."),
    )


class ConfirmView(TaxIdView):
    """Say what another register has answered."""

    operation = Operation(
        name="confirm",
        permission=PERMISSION,
        title=_("Enter an answer by hand"),
        done=_("The answer was written down."),
        form=ProofForm,
        act=_confirm,
        warning=_("Later orders with a valid number are sold without tax where the law says so. Keep the proof."),
        is_costly=True,
    )


@method_decorator(never_cache, name="dispatch")
class RevealView(TaxIdView):
    """Show a whole identity number once, to somebody who says why."""

    operation = Operation(
        name="reveal",
        permission=REVEAL,
        title=_("Show the whole number"),
        done="",
        form=RevealForm,
        act=_reveal,
        warning=_("Your name, the time and the reason are written into the activity log."),
    )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The number, on a page that is not kept."""
        target = self.target()
        form = RevealForm(request.POST)
        if not form.is_valid():
            return self.page(target, form, status=422)
        try:
            number = _reveal(target, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(target, form, status=422)
        context = {
            **admin.site.each_context(request),
            "title": self.operation.title,
            "target": target,
            "number": number,
            "back_url": self.back(target),
        }
        return TemplateResponse(request, "admin/markets/revealed_number.html", context)


@admin.register(BuyerTaxId)
class BuyerTaxIdAdmin(ReadOnlyAdmin):
    """Masked in the list. A business's number stands on the row's own page, a person's only after asking for it."""

    list_display = ["country", "kind", "hidden", "status", "checked_at", "checked_by", "reference", "next_try_at"]
    list_filter = ["status", "country", "kind"]
    search_fields = ["=reference", "=consultation_ref"]
    search_help_text = _("The whole number, the order, or the number of the consultation")
    change_form_template = "admin/core/operated.html"
    fields = (
        *("user", "reference", "country", "kind", "shown", "status", "checked_at", "checked_by"),
        *("consultation_ref", "response_hash", "evidence", "attempts", "next_try_at"),
    )
    readonly_fields = fields

    @admin.display(description=pgettext_lazy("tax number", "number"))
    def hidden(self, obj: BuyerTaxId) -> str:
        """Its last characters."""
        return obj.masked

    @admin.display(description=pgettext_lazy("tax number", "number"))
    def shown(self, obj: BuyerTaxId) -> str:
        """Whole for a business, whose number is public; masked for a person."""
        return obj.masked if _is_personal(obj) else obj.readable or str(UNREADABLE)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """A number that no key opens any more costs its own cell, not the page."""
        return BuyerTaxId.objects.closed()

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """A whole number is found by its fingerprint, spaces and dots aside."""
        found, is_doubled = super().get_search_results(request, queryset, search_term)
        wanted = "".join(letter for letter in search_term.upper() if letter.isalnum())
        by_number = queryset.filter(number_print__in=fingerprints(wanted)) if wanted else queryset.none()
        return found | by_number, is_doubled

    def get_urls(self) -> list[URLPattern]:
        """With the operations."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/ask/", wrap(AskView.as_view()), name="markets_buyertaxid_ask"),
            path("<int:pk>/confirm/", wrap(ConfirmView.as_view()), name="markets_buyertaxid_confirm"),
            path("<int:pk>/reveal/", wrap(RevealView.as_view()), name="markets_buyertaxid_reveal"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With links to what may be done."""
        row = BuyerTaxId.objects.closed().filter(pk=object_id).first() if object_id.isdigit() else None
        views = [RevealView] if row is not None and _is_personal(row) else [AskView, ConfirmView]
        allowed = [
            {"name": f"admin:markets_buyertaxid_{view.operation.name}", "title": view.operation.title}
            for view in views
            if request.user.has_perm(view.operation.permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": allowed})


def _is_personal(row: BuyerTaxId) -> bool:
    """Whether the number names a person. One of a kind we no longer know counts as such."""
    kind = kind_of(row.country, row.kind)
    return kind is None or kind.purpose == "identity"
