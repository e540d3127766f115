"""The shop's own bank accounts: where shoppers' money goes, so every change is written down with what it was before."""

from dataclasses import asdict

from django.db import transaction

from core import audit
from markets.models import Market
from payments.models import BankAccount, MarketBankAccount
from payments.providers.bank.accounts import shown_account


def save_bank_account(account: BankAccount) -> BankAccount:
    """Check and keep an account. Transfers that were begun keep what was shown to their shoppers.

    Raises `ValidationError` for a wrong number.
    """
    account.full_clean()
    with transaction.atomic():
        before = BankAccount.objects.select_for_update().filter(pk=account.pk).first()
        was = asdict(shown_account(before)) | {"active": before.active} if before is not None else {}
        account.save()
        told = {"was": was, "is": asdict(shown_account(account)) | {"active": account.active}}
        audit.record("payments.save_bank_account", account, data=told)
    return account


def assign_bank_account(*, market: Market, account: BankAccount) -> MarketBankAccount:
    """Shoppers of the market transfer to this account from now on."""
    with transaction.atomic():
        before = MarketBankAccount.objects.select_for_update().filter(market=market).select_related("account").first()
        row, _ = MarketBankAccount.objects.update_or_create(market=market, defaults={"account": account})
        told = {"market": market.code, "was": before.account.name if before is not None else "", "is": account.name}
        audit.record("payments.assign_bank_account", row, data=told)
    return row


def unassign_bank_account(*, row: MarketBankAccount) -> None:
    """The market offers no bank transfer any more. What was begun can still be paid."""
    with transaction.atomic():
        told = {"market": row.market.code, "was": row.account.name, "is": ""}
        audit.record("payments.assign_bank_account", row, data=told)
        row.delete()
