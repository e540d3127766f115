"""Refunds that need a second person: the list, and the buttons to agree or decline. Imported by `orders.admin`."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.admin import Operation, OperationView, ReadOnlyAdmin
from core.money import Money, round_half_up, to_minor
from markets.models import Currency
from orders.actions.approvals import approve_money, decline_money
from orders.actions.refund_limits import drop_refund_limit, keep_refund_limit
from orders.approving.asking import again_url, must_be_fresh
from orders.models import ApprovalState, MoneyApproval, RefundLimit


class AgreeForm(forms.Form):
    """The button is all there is."""


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class ApprovalView(OperationView):
    """An operation on one wish."""

    def target(self) -> models.Model:
        """The wish of the address."""
        return get_object_or_404(MoneyApproval, pk=self.kwargs["pk"])

    def back(self, target: models.Model) -> str:
        """Its page."""
        return reverse("admin:orders_moneyapproval_change", args=[target.pk])


def _agree(target: models.Model, answers: dict[str, Any]) -> None:
    approve_money(approval_id=int(target.pk))


def _decline(target: models.Model, answers: dict[str, Any]) -> None:
    decline_money(approval_id=int(target.pk), reason=answers["reason"])


class AgreeView(ApprovalView):
    """Agree. The sign-in has to be fresh, which is said beside the form."""

    operation = Operation(
        name="agree",
        permission="orders.approve_refund",
        title=_("Agree"),
        done=_("It is done, and the money goes back to the customer."),
        form=AgreeForm,
        act=_agree,
        warning=_("It is done at once, exactly as it was asked for. Whoever asked for it cannot agree."),
        is_costly=True,
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form, after a fresh sign-in."""
        again = again_url(request, request.get_full_path())
        return HttpResponseRedirect(again) if again else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The deed, by somebody who has just shown who they are."""
        self.operation = _fresh(self.operation, request)
        return super().post(request, *args, **kwargs)


def _fresh(operation: Operation, request: HttpRequest) -> Operation:
    """The same, refused like any other refusal where the sign-in is old."""

    def act(target: models.Model, answers: dict[str, Any]) -> None:
        must_be_fresh(request)
        operation.act(target, answers)

    return replace(operation, act=act)


class DeclineView(ApprovalView):
    """Decline."""

    operation = Operation(
        name="decline",
        permission="orders.approve_refund",
        title=_("Decline"),
        done=_("It is not done."),
        form=DeclineForm,
        act=_decline,
    )


@admin.register(MoneyApproval)
class MoneyApprovalAdmin(ReadOnlyAdmin):
    """What waits for a second person first."""

    change_form_template = "admin/payments/operated_change_form.html"
    list_display = ["created", "state", "kind", "order", "amount", "reason", "asked_by", "decided_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["order", "asked_by", "decided_by"]
    search_fields = ["order__number", "reason"]
    fields = ("order_page", "kind", "amount", "reason", "asked_by", "created", "state", "decided_by", "answer")
    readonly_fields = fields

    @admin.display(description=_("order"))
    def order_page(self, approval: MoneyApproval) -> str:
        number = approval.order.number
        return format_html('<a href="{}">{}</a>', reverse("admin:workspace_order", args=[number]), number)

    def get_urls(self) -> list[URLPattern]:
        """The operations' addresses, before the object's own."""
        views = {"agree": AgreeView, "decline": DeclineView}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view.as_view()), name=f"orders_moneyapproval_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The page, with the buttons while it waits, and not for whoever asked."""
        found = MoneyApproval.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        waits = found is not None and found.state == ApprovalState.ASKED
        may = waits and request.user.has_perm("orders.approve_refund")
        shown = [
            {"name": f"admin:orders_moneyapproval_{view.operation.name}", "title": view.operation.title}
            for view in (AgreeView, DeclineView)
            if may and found is not None and (view is DeclineView or found.asked_by_id != request.user.pk)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})


class LimitForm(forms.ModelForm[RefundLimit]):
    """The amount as people write it."""

    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.DecimalField(label=_("One person alone, up to"), min_value=0, max_digits=15)

    class Meta:
        model = RefundLimit
        fields = ("currency", "role", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Currency.objects.order_by("code").values_list("code", flat=True)
        self.fields["currency"] = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in codes])
        if self.instance.pk:
            self.initial["amount"] = self.instance.alone.amount

    def clean(self) -> dict[str, Any]:
        """No more digits than the currency has."""
        cleaned = super().clean() or {}
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if amount is not None and currency and round_half_up(amount, currency).amount != amount:
            self.add_error("amount", _("This currency has fewer digits after the point."))
        elif amount is not None and currency:
            self.instance.alone_minor = to_minor(Money(amount, currency))
        return cleaned


@admin.register(RefundLimit)
class RefundLimitAdmin(admin.ModelAdmin[RefundLimit]):
    """How much one person may give back alone. Every change says in the activity log what it was before."""

    form = LimitForm
    list_display = ["currency", "role", "alone"]
    list_select_related = ["role"]

    def save_model(self, request: HttpRequest, obj: RefundLimit, form: Any, change: bool) -> None:
        """Through the action."""
        keep_refund_limit(obj)

    def delete_model(self, request: HttpRequest, obj: RefundLimit) -> None:
        """Through the action."""
        drop_refund_limit(obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[RefundLimit]) -> None:
        """The same for each."""
        for limit in queryset.select_related("role"):
            drop_refund_limit(limit)
