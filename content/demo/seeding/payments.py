"""The shop's bank account. Its bank code is one that no bank has, so no money can be sent to it by mistake."""

from markets.actions import note_change
from markets.models import Market, MarketPaymentMethod, PaymentMethod
from payments.actions.bank_accounts import assign_bank_account, save_bank_account
from payments.models import BankAccount, MarketBankAccount
from payments.providers.bank.accounts import METHOD, PROVIDER

MARKET, NAME = "de", "Meridian EUR"
IBAN = "DE24000000000000104200"
LAST = 90
"""Where it stands among the ways to pay: after all others."""


def seed_bank_account() -> None:
    """An account for shoppers in Germany to transfer to, and the bank transfer among their ways to pay."""
    market = Market.objects.select_related("seller").get(code=MARKET)
    account = BankAccount.objects.filter(name=NAME).first() or save_bank_account(
        BankAccount(name=NAME, holder=market.seller.name if market.seller else "Meridian", iban=IBAN, currency="EUR")
    )
    if not MarketBankAccount.objects.filter(market=market).exists():
        assign_bank_account(market=market, account=account)
    method = PaymentMethod.objects.get(code=METHOD)
    row, is_new = MarketPaymentMethod.objects.get_or_create(
        market=market, method=method, defaults={"provider": PROVIDER, "position": LAST}
    )
    if is_new:
        note_change(row=row, old={}, new={"market": MARKET, "method": METHOD, "provider": PROVIDER}, is_new=True)
