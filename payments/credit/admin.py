"""Gift cards and store credit in the admin: looked at here, given, blocked and ended by operations."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from core.admin import ReadOnlyInline
from payments.credit import operations
from payments.models import (
    CreditAccount,
    CreditEntry,
    CreditGrant,
    CreditKind,
    CreditLimit,
    CreditTerm,
    GiftCard,
    StoreCredit,
)
from payments.operated import OperatedAdmin


class EntryInline(ReadOnlyInline):
    """What moved it."""

    model = CreditEntry
    fields = ("created", "kind", "shown_amount", "order_ref", "ref")
    readonly_fields = fields

    @admin.display(description=_("amount"))
    def shown_amount(self, entry: CreditEntry) -> Money:
        return entry.amount


class AccountAdmin(OperatedAdmin):
    """One row per account; what is on it moves by orders, refunds and operations only."""

    kind: str
    change_form_template = "admin/payments/operated_change_form.html"
    list_filter = ["state", "currency"]
    list_select_related = ["user"]
    inlines = [EntryInline]
    exclude = ["kind", "initial_minor", "balance_minor"]
    readonly_fields = ["shown_balance", "shown_initial"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of this page's kind."""
        return super().get_queryset(request).filter(kind=self.kind)

    @admin.display(description=_("balance"), ordering="balance_minor")
    def shown_balance(self, account: CreditAccount) -> Money:
        return account.balance

    @admin.display(description=_("put in"), ordering="initial_minor")
    def shown_initial(self, account: CreditAccount) -> Money:
        return account.initial


@admin.register(GiftCard)
class GiftCardAdmin(AccountAdmin):
    """Gift cards by the end of their code, which is all that is known of it."""

    kind = CreditKind.GIFT_CARD
    list_display = ["last_four", "shown_balance", "shown_initial", "state", "expires_on", "source", "created"]
    search_fields = ["last_four__exact", "source"]
    operated = {
        "block": operations.BlockCardView,
        "unblock": operations.UnblockCardView,
        "withdraw": operations.WithdrawCardView,
    }


@admin.register(StoreCredit)
class StoreCreditAdmin(AccountAdmin):
    """Store credit by its owner."""

    kind = CreditKind.STORE_CREDIT
    list_display = ["__str__", "user", "shown_balance", "state", "created"]
    search_fields = ["user__email", "source", "entries__order_ref__exact"]
    operated = {
        "block": operations.BlockCreditView,
        "unblock": operations.UnblockCreditView,
        "withdraw": operations.WithdrawCreditView,
    }


@admin.register(CreditGrant)
class CreditGrantAdmin(OperatedAdmin):
    """What operators gave or want to give."""

    change_form_template = "admin/payments/operated_change_form.html"
    change_list_template = "admin/payments/grants_change_list.html"
    list_display = ["created", "kind", "shown_amount", "email", "state", "reason", "asked_by", "decided_by"]
    list_filter = ["state", "kind", "currency"]
    list_select_related = ["asked_by", "decided_by"]
    search_fields = ["email", "reason"]
    operated = {"approve": operations.ApproveView, "refuse": operations.RefuseView}

    def get_urls(self) -> list[URLPattern]:
        """The form for giving, before the object's own addresses."""
        give = path(
            "give/", self.admin_site.admin_view(operations.GiveView.as_view()), name="payments_creditgrant_give"
        )
        return [give, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with the way to give for whoever may."""
        may = request.user.has_perm(operations.GiveView.operation.permission)
        shown = {"give_url": reverse("admin:payments_creditgrant_give") if may else ""}
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    @admin.display(description=_("amount"), ordering="amount_minor")
    def shown_amount(self, grant: CreditGrant) -> Money:
        return grant.amount


@admin.register(CreditLimit)
class CreditLimitAdmin(admin.ModelAdmin[CreditLimit]):
    """How much one operator gives alone."""

    list_display = ["currency", "alone_minor", "__str__"]


@admin.register(CreditTerm)
class CreditTermAdmin(admin.ModelAdmin[CreditTerm]):
    """How long new gift cards of a market are valid."""

    list_display = ["market", "years", "law"]
