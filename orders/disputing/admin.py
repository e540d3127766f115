"""The list of disputes. Each leads to its own screen. Imported by `orders.admin`."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.admin import ReadOnlyAdmin
from payments.models import Dispute


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """Those that end soonest first."""

    list_display = ["order_ref", "state", "shown_amount", "reason", "due_at", "assigned_to", "opened_at", "ended_at"]
    list_filter = ["state", "reason"]
    list_select_related = ["assigned_to"]
    search_fields = ["order_ref", "fact_ref"]
    ordering = ["due_at", "-pk"]

    @admin.display(description=_("amount"), ordering="amount_minor")
    def shown_amount(self, dispute: Dispute) -> Money:
        return dispute.amount

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The screen with the checklist."""
        if not object_id.isdecimal():
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(reverse("admin:workspace_dispute", args=[int(object_id)]))
