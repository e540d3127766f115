"""The demo shop's bank account: offered in Germany, valid in form, and of no bank."""

import pytest
from djmoney.money import Money

from content.demo.seeding.payments import seed_bank_account
from markets.queries import market_by_code
from payments.models import BankAccount
from payments.queries import methods_for
from tests.factories.markets import demo_markets

pytestmark = pytest.mark.django_db


def test_the_demo_offers_a_transfer_in_germany_to_an_account_of_no_bank(settings) -> None:
    settings.BANK_TRANSFERS = True
    demo_markets()
    for _again in range(2):
        seed_bank_account()
    account = BankAccount.objects.get()
    account.full_clean()
    assert account.iban[4:12] == "00000000"
    offered = {
        code: [one.provider for one in methods_for(market_by_code(code, language="en"), Money("10.00", "EUR"))]
        for code in ("de", "jp")
    }
    assert offered["de"][-1] == "bank"
    assert "bank" not in offered["jp"]
