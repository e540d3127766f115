"""Payments in the admin: found and understood here, changed by operations only."""

from django.contrib import admin
from django.db.models import F, OrderBy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from payments import operations
from payments.credit import admin as credit_admin
from payments.models import (
    LedgerAccount,
    LedgerEntry,
    LedgerTxn,
    Payment,
    PaymentEvent,
    PaymentException,
    PaymentTransaction,
    ProofRun,
    ReconciliationItem,
    Refund,
    SandboxCharge,
    StatementEntry,
    StatementMatch,
    StatementRead,
    VelocityLimit,
)
from payments.operated import OperatedAdmin
from payments.queries import test_page_of
from payments.statements import admin as statements_admin
from payments.workspace import item_operations
from payments.workspace.words import details, next_step, proof_link

__all__ = ["credit_admin", "statements_admin"]


class FactInline(ReadOnlyInline):
    """What the provider said."""

    model = PaymentTransaction
    fields = ("recorded_at", "kind", "fact_ref", "amount_minor", "currency", "code", "source", "occurred_at")
    readonly_fields = fields


class RefundInline(ReadOnlyInline):
    """What goes or went back."""

    model = Refund
    fields = ("created", "amount", "state", "reason", "requested_by", "failure_code", "provider_ref")
    readonly_fields = fields


class CaseInline(ReadOnlyInline):
    """What is in doubt."""

    model = PaymentException
    fk_name = "payment"
    fields = ("created", "kind", "state", "note")
    readonly_fields = fields


@admin.register(Payment)
class PaymentAdmin(OperatedAdmin):
    """Every attempt to be paid."""

    change_form_template = "admin/payments/operated_change_form.html"
    list_display = ["order_ref", "attempt", "provider", "method", "shown_amount", "state", "failure_code", "created"]
    list_filter = ["state", "provider", "method", "currency"]
    search_fields = ["order_ref", "provider_ref", "ref"]
    date_hierarchy = "created"
    inlines = [FactInline, RefundInline, CaseInline]
    exclude = ["visitor", "account", "address", "next_action"]
    readonly_fields = ["test_page"]
    operated = {
        "ask": operations.AskView,
        "capture": operations.CaptureView,
        "cancel": operations.CancelView,
    }

    @admin.display(description=_("amount"), ordering="amount_minor")
    def shown_amount(self, payment: Payment) -> Money:
        return payment.amount

    @admin.display(description=_("page of the test payment"))
    def test_page(self, payment: Payment) -> str:
        """Where a test payment is decided, and disputed."""
        url = test_page_of(payment)
        return format_html('<a href="{}">{}</a>', url, url) if url else "–"


@admin.register(PaymentException)
class PaymentExceptionAdmin(OperatedAdmin):
    """Money in doubt, newest open cases first: a person decides."""

    change_form_template = "admin/payments/operated_change_form.html"
    list_display = ["created", "kind", "payment", "state", "resolved_by", "resolved_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["payment", "resolved_by"]
    search_fields = ["payment__order_ref", "fact__fact_ref"]
    ordering = [OrderBy(F("resolved_at"), descending=True, nulls_first=True), "-pk"]
    operated = {
        "accept": operations.AcceptCaseView,
        "credit": operations.CreditCaseView,
        "dismiss": operations.DismissCaseView,
    }


@admin.register(PaymentEvent)
class PaymentEventAdmin(ReadOnlyAdmin):
    """The inbox."""

    list_display = ["received_at", "provider", "kind", "event_id", "state", "attempts", "last_error"]
    list_filter = ["state", "provider", "kind"]
    search_fields = ["event_id", "provider_ref", "payment_ref"]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds. They are asked for on the order, so that its lines know what went back."""

    list_display = ["created", "payment", "amount", "state", "reason", "requested_by", "failure_code"]
    list_filter = ["state"]
    list_select_related = ["payment"]
    search_fields = ["payment__order_ref", "provider_ref", "key"]


class EntryInline(ReadOnlyInline):
    """Both sides."""

    model = LedgerEntry
    fields = ("account", "amount")
    readonly_fields = fields


@admin.register(LedgerTxn)
class LedgerTxnAdmin(ReadOnlyAdmin):
    """Movements of money."""

    list_display = ["posted_at", "kind", "source_type", "source_id", "occurred_at"]
    list_filter = ["kind"]
    search_fields = ["source_id", "idempotency_key"]
    date_hierarchy = "occurred_at"
    inlines = [EntryInline]


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin):
    """The accounts."""

    list_display = ["code", "owner_kind", "owner_id", "currency"]
    list_filter = ["code", "currency"]


@admin.register(SandboxCharge)
class SandboxChargeAdmin(ReadOnlyAdmin):
    """Test payments, as their pretended provider knows them."""

    list_display = ["created", "order_ref", "method", "amount", "state", "due_result", "due_at"]
    list_filter = ["state"]
    search_fields = ["order_ref"]
    exclude = ["token"]


@admin.register(VelocityLimit)
class VelocityLimitAdmin(admin.ModelAdmin[VelocityLimit]):
    """The brake on failed attempts."""

    list_display = ["scope", "failures", "minutes", "effect", "lasts_minutes", "active"]
    list_editable = ["failures", "effect", "lasts_minutes", "active"]


class MatchInline(ReadOnlyInline):
    """What a row turned out to be."""

    model = StatementMatch
    fields = ("verdict", "fact", "decided_at")
    readonly_fields = fields


class ItemInline(ReadOnlyInline):
    """Differences about a row."""

    model = ReconciliationItem
    fk_name = "entry"
    fields = ("created", "kind", "state", "resolution", "note")
    readonly_fields = fields
    show_change_link = True


@admin.register(StatementEntry)
class StatementEntryAdmin(ReadOnlyAdmin):
    """The providers' own books, row by row."""

    list_display = ["occurred_at", "provider", "kind", "entry_id", "amount", "fee", "net", "order_ref", "payout_id"]
    list_filter = ["provider", "kind", "currency", ("match", admin.EmptyFieldListFilter), "match__verdict"]
    search_fields = ["entry_id", "fact_ref", "order_ref", "payout_id"]
    date_hierarchy = "occurred_at"
    inlines = [MatchInline, ItemInline]


@admin.register(StatementRead)
class StatementReadAdmin(ReadOnlyAdmin):
    """When whose books were read, and what came of it."""

    list_display = ["started", "provider", "source", "name", "begin", "end", "seen", "fresh", "refusal"]
    list_filter = ["provider", "source", ("refusal", admin.EmptyFieldListFilter)]
    search_fields = ["name"]


@admin.register(ReconciliationItem)
class ReconciliationItemAdmin(OperatedAdmin):
    """Differences of books, open ones first: a person explains, books, or tries again."""

    change_form_template = "admin/payments/operated_change_form.html"
    list_display = ["created", "state", "kind", "provider", "order_ref", "difference", "resolution", "resolved_by"]
    list_filter = ["state", "kind", "provider", "resolution"]
    list_select_related = ["resolved_by"]
    search_fields = ["order_ref", "entry__entry_id", "entry__fact_ref", "fact__fact_ref", "subject"]
    ordering = [OrderBy(F("resolved_at"), descending=True, nulls_first=True), "-pk"]
    fields = (
        *("kind", "next_step", "proof", "state", "provider", "order_ref", "difference", "facts", "entry", "fact"),
        *("created", "resolution", "note", "resolved_by", "resolved_at"),
    )
    readonly_fields = fields
    operated = {
        "retry": item_operations.RetryView,
        "explain": item_operations.ExplainView,
        "book": item_operations.BookView,
    }

    @admin.display(description=_("next step"))
    def next_step(self, item: ReconciliationItem) -> str:
        return next_step(item)

    @admin.display(description=_("details"))
    def facts(self, item: ReconciliationItem) -> str:
        return details(item)

    @admin.display(description=_("proof"))
    def proof(self, item: ReconciliationItem) -> str:
        return proof_link(item)


@admin.register(ProofRun)
class ProofRunAdmin(ReadOnlyAdmin):
    """Nightly proofs over all orders."""

    list_display = ["started", "finished", "since", "orders", "failed", "is_clean"]
    list_filter = ["is_clean"]
