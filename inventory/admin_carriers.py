"""Carriers in the admin: accounts, what they charge, what they told us, and codes to explain."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from core.admin import Operation, OperationView, ReadOnlyAdmin
from inventory.actions.accounts import set_secrets
from inventory.actions.carrier_inbox import reread_messages
from inventory.actions.rate_sheets import import_rate_sheet
from inventory.actions.teaching import teach_code
from inventory.carriers.canonical import Canonical
from inventory.models import (
    CarrierAccount,
    CarrierMessage,
    LabelRecord,
    ParcelPush,
    RateRow,
    RateSheet,
    TrackedParcel,
    UnknownCode,
)

MOST_SHEET_BYTES = 4 * 1024 * 1024


class SecretsForm(forms.Form):
    """Secrets are typed in and never shown. What is left empty stays as it is."""

    key = forms.CharField(label=_("Key"), required=False, strip=True, widget=forms.PasswordInput)
    webhook = forms.CharField(label=_("Secret of its messages"), required=False, widget=forms.PasswordInput)
    api_key = forms.CharField(label=_("API key"), required=False, widget=forms.PasswordInput)
    secret_key = forms.CharField(label=_("Secret key"), required=False, widget=forms.PasswordInput)
    password = forms.CharField(label=_("Password"), required=False, widget=forms.PasswordInput)


class SheetForm(forms.Form):
    """A sheet and the day from which it counts."""

    file = forms.FileField(label=_("Rate sheet (CSV)"))
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput({"type": "date"}))


class MeaningForm(forms.Form):
    """What a code means."""

    canonical = forms.ChoiceField(label=_("It means"), choices=[(one.value, one.label) for one in Canonical])
    note = forms.CharField(label=_("How do you know?"), max_length=300, required=False)


class SecretsView(OperationView):
    """Enter secrets."""

    operation = Operation(
        name="secrets",
        permission="inventory.change_carrieraccount",
        title=_("Enter secrets"),
        done=_("The secrets are kept, sealed."),
        form=SecretsForm,
        act=lambda target, answers: set_secrets(
            account_id=int(str(target.pk)), secrets={name: value for name, value in answers.items() if value}
        ),
    )

    def target(self) -> CarrierAccount:
        """The account of the address."""
        return get_object_or_404(CarrierAccount, pk=self.kwargs["pk"])

    def back(self, target: Any) -> str:
        """Its page."""
        return reverse("admin:inventory_carrieraccount_change", args=[target.pk])


class SheetView(SecretsView):
    """Bring in a rate sheet."""

    operation = Operation(
        name="sheet",
        permission="inventory.add_ratesheet",
        title=_("Bring in a rate sheet"),
        done=_("The rates are brought in."),
        form=SheetForm,
        act=lambda target, answers: import_rate_sheet(
            account=target,  # type: ignore[arg-type]  # the account of `target` above
            name=answers["file"].name,
            content=answers["file"].read(MOST_SHEET_BYTES),
            valid_from=answers["valid_from"],
        ),
    )


class TeachView(OperationView):
    """Say what a code means."""

    operation = Operation(
        name="teach",
        permission="inventory.teach_unknowncode",
        title=_("Say what this code means"),
        done=_("From now on the code is understood, and recent messages are read again."),
        form=MeaningForm,
        act=lambda target, answers: teach_code(
            code_id=int(str(target.pk)), canonical=answers["canonical"], note=answers["note"]
        ),
    )

    def target(self) -> UnknownCode:
        """The code of the address."""
        return get_object_or_404(UnknownCode, pk=self.kwargs["pk"])

    def back(self, target: Any) -> str:
        """The list of those that are left."""
        return reverse("admin:inventory_unknowncode_changelist") + "?settled_at__isempty=1"


class AccountForm(forms.ModelForm[CarrierAccount]):
    """The connection is chosen from the settings; secrets have a form of their own."""

    class Meta:
        model = CarrierAccount
        fields = (
            "code", "name", "adapter", "also_called", "warehouse", "options", "label_format", "position", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adapter"] = forms.ChoiceField(
            label=_("Connection"), choices=[(name, name) for name in settings.CARRIERS]
        )


@admin.register(CarrierAccount)
class CarrierAccountAdmin(admin.ModelAdmin[CarrierAccount]):
    """Accounts with carriers, trackers and other people's warehouses."""

    form = AccountForm
    list_display = ["name", "code", "adapter", "warehouse", "last_ok_at", "failing_since", "last_error", "is_active"]
    list_filter = ["adapter", "is_active", ("failing_since", admin.EmptyFieldListFilter)]
    list_select_related = ["warehouse"]
    readonly_fields = ["last_ok_at", "failing_since", "last_error"]
    change_form_template = "admin/inventory/stock_item.html"
    operated = {"secrets": SecretsView, "sheet": SheetView}

    def get_urls(self) -> list[URLPattern]:
        """The operations' addresses, before the row's own."""
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view.as_view()), name=f"inventory_carrier_{name}")
            for name, view in self.operated.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The row, with the operations this person may do."""
        shown = [
            {"name": f"admin:inventory_carrier_{name}", "title": view.operation.title}
            for name, view in self.operated.items()
            if request.user.has_perm(view.operation.permission)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "operations": shown})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off, not deleted: messages and labels name it."""
        return False


@admin.register(RateSheet)
class RateSheetAdmin(ReadOnlyAdmin):
    """Sheets that were brought in."""

    list_display = ["account", "name", "valid_from", "row_count", "created"]
    list_filter = ["account"]
    list_select_related = ["account"]


@admin.register(RateRow)
class RateRowAdmin(ReadOnlyAdmin):
    """What they say."""

    list_display = ["sheet", "service_name", "zone", "above_g", "up_to_g", "amount", "days_min", "days_max"]
    list_filter = ["sheet__account"]
    list_select_related = ["sheet__account"]
    search_fields = ["service", "service_name", "zone"]
    show_full_result_count = False


@admin.register(CarrierMessage)
class CarrierMessageAdmin(ReadOnlyAdmin):
    """What carriers told us, as it came."""

    list_display = ["received_at", "account", "kind", "state", "attempts", "last_error"]
    list_filter = ["state", "account"]
    list_select_related = ["account"]
    search_fields = ["event_id"]
    actions = ["read_again"]
    show_full_result_count = False

    @admin.action(description=_("Work on these messages again"), permissions=["retry"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[CarrierMessage]) -> None:
        """Anew, from the beginning."""
        count = reread_messages(message_pks=list(queryset.values_list("pk", flat=True)[:500]))
        self.message_user(request, _("%(count)d messages are worked on again.") % {"count": count}, messages.SUCCESS)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Who may."""
        return request.user.has_perm("inventory.retry_carriermessage")


@admin.register(LabelRecord)
class LabelRecordAdmin(ReadOnlyAdmin):
    """Labels. They are bought and given back on the page of their order."""

    list_display = ["order_ref", "parcel_ref", "carrier", "service", "tracking_no", "state", "cost", "bought_at"]
    list_filter = ["state", "account", "warehouse_code"]
    search_fields = ["order_ref", "tracking_no"]
    exclude = ["file"]


@admin.register(ParcelPush)
class ParcelPushAdmin(ReadOnlyAdmin):
    """Parcels that others pack."""

    list_display = ["order_ref", "parcel_ref", "account", "state", "external_ref", "attempts", "last_error", "updated"]
    list_filter = ["state", "account"]
    list_select_related = ["account"]
    search_fields = ["order_ref", "external_ref"]


@admin.register(TrackedParcel)
class TrackedParcelAdmin(ReadOnlyAdmin):
    """Numbers that are followed."""

    list_display = ["tracking_no", "carrier", "account", "state", "heard_at", "next_poll_at", "failures"]
    list_filter = ["state", "account"]
    list_select_related = ["account"]
    search_fields = ["tracking_no"]


@admin.register(UnknownCode)
class UnknownCodeAdmin(ReadOnlyAdmin):
    """Codes nobody knows. One click leads to the form that explains it."""

    list_display = ["provider", "level", "carrier_code", "sample", "seen", "last_seen_at", "settled_at"]
    list_filter = ["provider", ("settled_at", admin.EmptyFieldListFilter)]
    search_fields = ["carrier_code", "sample"]

    def get_urls(self) -> list[URLPattern]:
        """With the form."""
        teach = self.admin_site.admin_view(TeachView.as_view())
        return [path("<int:pk>/teach/", teach, name="inventory_unknowncode_teach"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever may explain it gets the form at once."""
        row = self.get_object(request, object_id)
        if row is not None and row.settled_at is None and request.user.has_perm("inventory.teach_unknowncode"):
            return HttpResponseRedirect(reverse("admin:inventory_unknowncode_teach", args=[row.pk]))
        shown: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return shown
