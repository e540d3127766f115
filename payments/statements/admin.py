"""Bank accounts in the admin, and what banks wrote about them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from payments.actions.bank_accounts import assign_bank_account, save_bank_account, unassign_bank_account
from payments.models import (
    BankAccount,
    BankBalance,
    BankBooking,
    BankLine,
    BankPayout,
    BankStatement,
    BankTransfer,
    MarketBankAccount,
    RecipientChange,
)


@admin.register(BankAccount)
class BankAccountAdmin(admin.ModelAdmin[BankAccount]):
    """The shop's accounts. They are switched off, never deleted."""

    list_display = ["name", "holder", "iban", "currency", "days_to_pay", "active"]
    list_filter = ["active", "currency"]

    def has_delete_permission(self, request: HttpRequest, obj: BankAccount | None = None) -> bool:
        """Lines and transfers lead here for ever."""
        return False

    def save_model(self, request: HttpRequest, obj: BankAccount, form: Any, change: bool) -> None:
        """Through the action, which writes down what it was."""
        save_bank_account(obj)


@admin.register(MarketBankAccount)
class MarketBankAccountAdmin(admin.ModelAdmin[MarketBankAccount]):
    """Which account a market asks its shoppers to transfer to."""

    list_display = ["market", "account"]
    list_select_related = ["market", "account"]

    def get_readonly_fields(self, request: HttpRequest, obj: MarketBankAccount | None = None) -> tuple[str, ...]:
        """A row stays its market's."""
        return ("market",) if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: MarketBankAccount, form: Any, change: bool) -> None:
        """Through the action."""
        obj.pk = assign_bank_account(market=obj.market, account=obj.account).pk

    def delete_model(self, request: HttpRequest, obj: MarketBankAccount) -> None:
        """Through the action."""
        unassign_bank_account(row=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[MarketBankAccount]) -> None:
        """The same for each."""
        for row in queryset.select_related("market", "account"):
            unassign_bank_account(row=row)


class BookingInline(ReadOnlyInline):
    """What the line was."""

    model = BankBooking
    fields = ("verdict", "payment", "payout", "note", "decided_by", "decided_at")
    readonly_fields = fields


@admin.register(BankLine)
class BankLineAdmin(ReadOnlyAdmin):
    """Every movement banks told."""

    list_display = ["booked_on", "account", "amount", "payer", "remittance"]
    list_filter = ["account", ("booking", admin.EmptyFieldListFilter), "booking__verdict"]
    list_select_related = ["account"]
    search_fields = ["remittance", "creditor_ref", "payer", "payer_account"]
    date_hierarchy = "booked_on"
    inlines = [BookingInline]


class BalanceInline(ReadOnlyInline):
    """What the statements of a file began and ended with."""

    model = BankBalance
    fields = ("number", "opened_on", "closed_on", "opening", "closing")
    readonly_fields = fields


@admin.register(BankStatement)
class BankStatementAdmin(ReadOnlyAdmin):
    """Files that were brought in."""

    list_display = ["imported_at", "account", "format", "name", "seen", "fresh"]
    list_filter = ["account", "format"]
    list_select_related = ["account"]
    inlines = [BalanceInline]


@admin.register(BankTransfer)
class BankTransferAdmin(ReadOnlyAdmin):
    """What shoppers were asked to transfer."""

    list_display = ["reference", "payment", "account", "due_at", "reminded_at", "closed_at"]
    list_filter = ["account", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["payment", "account"]
    search_fields = ["reference", "payment__order_ref"]
    exclude = ["token", "return_url"]


@admin.register(BankPayout)
class BankPayoutAdmin(ReadOnlyAdmin):
    """Money to send back by hand, and who sent it."""

    list_display = ["created", "transfer", "amount", "state", "sent_at", "sent_by"]
    list_filter = ["state"]
    list_select_related = ["transfer", "sent_by"]
    search_fields = ["transfer__reference", "transfer__payment__order_ref"]


@admin.register(RecipientChange)
class RecipientChangeAdmin(ReadOnlyAdmin):
    """Other accounts that money was to go back to, and which two people said so."""

    list_display = ["created", "payout", "recipient", "state", "asked_by", "decided_by", "decided_at"]
    list_filter = ["state"]
    list_select_related = ["payout__transfer", "asked_by", "decided_by"]
    search_fields = ["payout__transfer__reference", "payout__transfer__payment__order_ref"]
