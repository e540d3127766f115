"""Units of money at providers, the ways to pay of a market, and a set-up that does not start wrongly."""

from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from core.money import from_minor
from markets.models import Market, MarketPaymentMethod
from markets.queries import market_by_code
from payments.checks import check_providers, check_sandbox, check_stripe
from payments.errors import AmountNotAccepted
from payments.providers.stripe.amounts import coarse_steps, from_stripe, to_stripe
from payments.providers.stripe.provider import StripeProvider
from payments.queries import methods_for

CASES = [
    ("50.00", "USD", 5000),
    ("4990", "HUF", 499000),
    ("1000", "TWD", 100000),
    ("1000", "ISK", 100000),
    ("1000", "UGX", 100000),
    ("5000", "MGA", 5000),
    ("19990", "CLP", 19990),
    ("1500", "JPY", 1500),
    ("1.230", "KWD", 1230),
]


@pytest.mark.parametrize(("amount", "currency", "units"), CASES)
def test_stripe_is_sent_its_own_units(amount, currency, units) -> None:
    money = Money(amount, currency)
    assert to_stripe(money) == units
    assert from_stripe(units, currency.lower()) == money


@pytest.mark.parametrize(("amount", "currency"), [("1.234", "KWD"), ("10.5", "JPY"), ("1.5", "ISK"), ("0.001", "EUR")])
def test_an_amount_stripe_cannot_charge_exactly_is_refused_and_never_rounded(amount, currency) -> None:
    with pytest.raises(AmountNotAccepted):
        to_stripe(Money(amount, currency))


@given(st.sampled_from(["EUR", "USD", "JPY", "KWD", "ISK", "HUF", "CLP", "BRL", "SAR", "AED"]), st.integers(1, 10**9))
def test_what_is_sent_comes_back_as_the_same_money(currency: str, minor: int) -> None:
    amount = from_minor(minor * coarse_steps().get(currency, 1), currency)
    assert from_stripe(to_stripe(amount), currency) == amount


def test_coarse_currencies_are_not_offered_for_amounts_between_the_steps(settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    offer = StripeProvider().offer
    assert offer.takes("card", Money("1.230", "KWD"))
    assert not offer.takes("card", Money("1.234", "KWD"))
    assert not offer.takes("pix", Money("10.00", "EUR"))


@pytest.fixture
def germany(db) -> Market:
    from django.core.management import call_command

    call_command("load_reference", verbosity=0)
    return Market.objects.get(code="de")


def test_a_market_shows_its_own_order_and_only_what_can_be_paid(germany) -> None:
    shown = methods_for(market_by_code("de", language="en"), Money("10.00", "EUR"))
    assert [view.code for view in shown] == ["paypal", "card", "klarna", "sepa_debit"]
    assert [view.label for view in shown] == ["PayPal (test)", "Card", "Klarna (test)", "SEPA Direct Debit (test)"]
    assert {view.provider for view in shown} == {"sandbox"}


def test_with_stripe_set_up_real_ways_to_pay_come_from_it(germany, settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    shown = {
        view.code: view.provider for view in methods_for(market_by_code("de", language="en"), Money("10.00", "EUR"))
    }
    assert (shown["card"], shown["klarna"], shown["paypal"]) == ("stripe", "stripe", "sandbox")
    settings.SANDBOX_PAYMENTS = False
    assert "paypal" not in {
        view.code for view in methods_for(market_by_code("de", language="en"), Money("10.00", "EUR"))
    }


def test_amount_ranges_of_the_market_are_kept(germany) -> None:
    MarketPaymentMethod.objects.filter(market=germany, method="klarna").update(maximum=Decimal("9.99"))
    from django.core.cache import cache

    cache.clear()
    assert "klarna" not in {
        view.code for view in methods_for(market_by_code("de", language="en"), Money("10.00", "EUR"))
    }


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRETS": ["whsec_x"]}, []),
        ({"STRIPE_SECRET_KEY": "sk_test_x"}, ["payments.E012"]),
        ({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRETS": [""]}, ["payments.E012"]),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_test_x"}, ["payments.E011"]),
        (
            {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRETS": ["w"], "STRIPE_MODE": "element"},
            ["payments.E013"],
        ),
        (
            {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRETS": ["w"], "STRIPE_PUBLISHABLE_KEY": "pk_live_x"},
            ["payments.E014"],
        ),
        (
            {"STRIPE_SECRET_KEY": "sk_live_x", "STRIPE_WEBHOOK_SECRETS": ["w"], "DEBUG": True},
            ["payments.E003", "payments.E015"],
        ),
        ({"STRIPE_MODE": "popup"}, ["payments.E010"]),
        ({"PAYMENT_CAPTURE": "sometimes"}, ["payments.E004"]),
        ({"PAYMENT_PROVIDERS": {"gone": "payments.providers.gone.Provider"}}, ["payments.E001"]),
        ({"SANDBOX_PAYMENTS": False}, ["payments.W001"]),
        ({"SETTINGS_MODULE": "config.settings.prod"}, ["payments.W002"]),
    ],
)
def test_a_wrong_set_up_is_named_before_the_shop_starts(changes, codes, settings) -> None:
    assert django_settings.SANDBOX_PAYMENTS
    for name, value in changes.items():
        setattr(settings, name, value)
    found = [message.id for check in (check_providers, check_sandbox, check_stripe) for message in check(None)]
    assert sorted(map(str, found)) == codes
