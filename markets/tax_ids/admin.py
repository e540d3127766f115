"""Buyers' tax numbers in the admin: looked at, asked about again, and confirmed by hand with a proof."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.admin import Operation, OperationView, ReadOnlyAdmin
from markets.models import BuyerTaxId
from markets.tax_ids.actions import ask_again, confirm_tax_id

PERMISSION = "markets.check_buyertaxid"
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


def _ask(target: models.Model, _answers: dict[str, Any]) -> None:
    ask_again(tax_id=int(target.pk))


def _confirm(target: models.Model, answers: dict[str, Any]) -> None:
    confirm_tax_id(
        tax_id=int(target.pk),
        is_valid=answers["verdict"] == "valid",
        consultation_ref=answers["proof"],
        reason=answers["reason"],
    )


class TaxIdView(OperationView):
    """An operation on one number."""

    def target(self) -> models.Model:
        """The number of the address."""
        return get_object_or_404(BuyerTaxId, pk=self.kwargs["pk"])

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


@admin.register(BuyerTaxId)
class BuyerTaxIdAdmin(ReadOnlyAdmin):
    """Masked in the list: the whole number stands on the row's own page."""

    list_display = ["country", "kind", "masked", "status", "checked_at", "checked_by", "reference", "next_try_at"]
    list_filter = ["status", "country", "kind"]
    search_fields = ["=number", "=reference", "=consultation_ref"]
    change_form_template = "admin/core/operated.html"

    def get_urls(self) -> list[URLPattern]:
        """With the operations."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/ask/", wrap(AskView.as_view()), name="markets_buyertaxid_ask"),
            path("<int:pk>/confirm/", wrap(ConfirmView.as_view()), name="markets_buyertaxid_confirm"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With links to what may be done."""
        operations = [
            {"name": "admin:markets_buyertaxid_ask", "title": AskView.operation.title},
            {"name": "admin:markets_buyertaxid_confirm", "title": ConfirmView.operation.title},
        ]
        allowed = operations if request.user.has_perm(PERMISSION) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": allowed})
