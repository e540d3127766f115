"""Orders in the admin: looked at here, changed by operations only."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from markets.cache import forget_on_commit
from orders.actions import handle_withdrawals
from orders.approving import admin as approving_admin
from orders.disputing import admin as disputing_admin
from orders.floor import admin as floor_admin
from orders.models import (
    AftersalesPolicy,
    CannedAnswer,
    Document,
    Fulfillment,
    Order,
    OrderChange,
    OrderEvent,
    OrderHold,
    OrderLine,
    OrderReceipt,
    OrderRefund,
    OrderTag,
    OrderTaxLine,
    ReturnRequest,
    ShippingPaper,
    StationWording,
    TaxFiling,
    Ticket,
    WithdrawalStatement,
)
from orders.past import admin as past_admin
from orders.returning.policy_form import PolicyForm

__all__ = ["approving_admin", "disputing_admin", "floor_admin", "past_admin"]


class OrderLineInline(ReadOnlyInline):
    """What was bought."""

    model = OrderLine
    fields = ("sku", "name", "options_text", "quantity", "line_total", "qty_shipped", "qty_refunded")
    readonly_fields = fields


class OrderTaxLineInline(ReadOnlyInline):
    """What tax was charged and why."""

    model = OrderTaxLine
    fields = ("owner", "place", "rate", "base", "amount", "reason")
    readonly_fields = fields


class OrderReceiptInline(ReadOnlyInline):
    """What money came."""

    model = OrderReceipt
    fields = ("payment_ref", "authorized", "received", "refunded", "disputed")
    readonly_fields = fields


class FulfillmentInline(ReadOnlyInline):
    """Its parcels."""

    model = Fulfillment
    fields = ("position", "warehouse_name", "state", "carrier", "eta_from", "eta_to")
    readonly_fields = fields


class OrderHoldInline(ReadOnlyInline):
    """What stops it."""

    model = OrderHold
    fields = ("kind", "reason", "created", "resolved_at", "resolution")
    readonly_fields = fields


class OrderEventInline(ReadOnlyInline):
    """What happened."""

    model = OrderEvent
    fields = ("created", "kind", "actor", "note", "visibility")
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """The list of orders."""

    list_display = (
        "number",
        "placed_at",
        "email",
        "market",
        "total",
        "lifecycle",
        "payment_state",
        "fulfillment_state",
    )
    list_filter = ("lifecycle", "payment_state", "fulfillment_state", "market")
    search_fields = ("number", "email")
    date_hierarchy = "placed_at"
    ordering = ("-placed_at",)
    inlines = [
        OrderLineInline,
        FulfillmentInline,
        OrderReceiptInline,
        OrderTaxLineInline,
        OrderHoldInline,
        OrderEventInline,
    ]


@admin.register(OrderHold)
class OrderHoldAdmin(ReadOnlyAdmin):
    """Exceptions that wait for a person."""

    list_display = ("order", "kind", "reason", "created", "resolved_at")
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter))
    list_select_related = ("order",)
    search_fields = ("order__number",)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Invoices and credit notes as they were issued."""

    list_display = ("number", "pdf", "title", "issued_on", "order", "total", "tax_total", "country", "seller")
    list_filter = ("kind", "series", "country", "seller")
    list_select_related = ("order", "seller")
    search_fields = ("number", "order__number")
    exclude = ("sheet",)

    @admin.display(description="PDF")
    def pdf(self, document: Document) -> str:
        """The document as it was issued."""
        url = reverse("admin:workspace_document", args=[document.order.number, document.number])
        return format_html('<a href="{}">{}</a>', url, pgettext("a file", "Open"))


@admin.register(ShippingPaper)
class ShippingPaperAdmin(ReadOnlyAdmin):
    """Packing slips, pro-forma and commercial invoices and customs forms as they were made."""

    list_display = ("number", "pdf_link", "kind", "issued_on", "order", "version", "size")
    list_filter = ("kind",)
    list_select_related = ("order",)
    search_fields = ("number", "order__number")
    exclude = ("sheet", "pdf")

    @admin.display(description="PDF")
    def pdf_link(self, paper: ShippingPaper) -> str:
        """The paper as it was made."""
        url = reverse("admin:workspace_paper", args=[paper.order.number, paper.number])
        return format_html('<a href="{}">{}</a>', url, pgettext("a file", "Open"))


@admin.register(TaxFiling)
class TaxFilingAdmin(ReadOnlyAdmin):
    """Returns to the one-stop shops as they were filed."""

    list_display = ("reference", "scheme", "first", "last", "filed_on", "total", "seller", "recorded_by")
    list_filter = ("scheme", "seller")
    list_select_related = ("seller", "recorded_by")
    search_fields = ("reference",)


@admin.register(OrderRefund)
class OrderRefundAdmin(ReadOnlyAdmin):
    """Money on its way back."""

    list_display = ("number", "order", "amount", "state", "reason", "created")
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("number", "order__number")


@admin.register(OrderChange)
class OrderChangeAdmin(ReadOnlyAdmin):
    """What became of orders after they were placed: what was asked, what stood before, what it cost."""

    list_display = ("order", "kind", "state", "delta_total", "reason", "created", "decided_at")
    list_filter = ("kind", "state")
    list_select_related = ("order",)
    search_fields = ("order__number",)


@admin.register(ReturnRequest)
class ReturnRequestAdmin(ReadOnlyAdmin):
    """Goods that come back."""

    list_display = ("number", "order", "state", "resolution", "reason", "send_by", "created")
    list_filter = ("state", "resolution", "reason")
    list_select_related = ("order",)
    search_fields = ("number", "order__number")


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Questions about orders; answered on their own screen."""

    list_display = ("number", "order", "category", "subject", "state", "assignee", "due_at")
    list_filter = ("state", "category")
    list_select_related = ("order", "assignee")
    search_fields = ("number", "order__number", "subject")


@admin.register(AftersalesPolicy)
class AftersalesPolicyAdmin(admin.ModelAdmin[AftersalesPolicy]):
    """What a market promises after the sale."""

    list_display = ("market", "way_back", "sends_label", "agrees_at_once", "send_within_days", "answer_within_hours")
    form = PolicyForm


@admin.register(CannedAnswer)
class CannedAnswerAdmin(admin.ModelAdmin[CannedAnswer]):
    """Answers that are written often."""

    list_display = ("code", "category")
    list_filter = ("category",)
    search_fields = ("code",)


@admin.register(OrderTag)
class OrderTagAdmin(admin.ModelAdmin[OrderTag]):
    """Words for orders; one that is out of use is put on no other order. None is deleted while an order has it."""

    list_display = ("name", "tone", "in_use")
    list_filter = ("in_use", "tone")
    search_fields = ("name",)


@admin.register(StationWording)
class StationWordingAdmin(admin.ModelAdmin[StationWording]):
    """What states are called in one market or country."""

    list_display = ("station", "market", "country", "language", "label")
    list_filter = ("market", "country", "language", "station")

    def save_model(
        self, request: HttpRequest, obj: StationWording, form: ModelForm[StationWording], change: bool
    ) -> None:
        """Every process shows the new words within a second."""
        super().save_model(request, obj, form, change)
        forget_on_commit()

    def delete_model(self, request: HttpRequest, obj: StationWording) -> None:
        """The shop's own words again."""
        super().delete_model(request, obj)
        forget_on_commit()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StationWording]) -> None:
        """The same for several."""
        super().delete_queryset(request, queryset)
        forget_on_commit()


@admin.register(WithdrawalStatement)
class WithdrawalStatementAdmin(ReadOnlyAdmin):
    """Withdrawals as they were declared."""

    list_display = (
        "number",
        "received_at",
        "named_order",
        "name",
        "timeliness",
        "last_day",
        "handled_at",
        "handled_by",
    )
    list_filter = (("handled_at", admin.EmptyFieldListFilter), "timeliness", "market")
    list_select_related = ("order",)
    search_fields = ("number", "named_order", "email")
    actions = ("handle",)

    @admin.action(description=_("The selected withdrawals are dealt with"), permissions=["handle"])
    def handle(self, request: HttpRequest, queryset: QuerySet[WithdrawalStatement]) -> None:
        """Take them out of the work queue."""
        count = handle_withdrawals(ids=list(queryset.values_list("pk", flat=True)))
        words = ngettext("%(count)d withdrawal was dealt with.", "%(count)d withdrawals were dealt with.", count)
        messages.success(request, words % {"count": count})

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Who may handle withdrawals."""
        return request.user.has_perm("orders.handle_withdrawal")
