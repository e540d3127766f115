"""PayPal's way of writing money: decimal text with its own number of digits, in its own currencies."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from core.money import AmountPrecision, exponent, to_minor
from payments.amounts import paypal_decimals, paypal_value
from payments.errors import AmountNotAccepted

IN_COUNTRY = {"BRL": "BR", "CNY": "CN", "MYR": "MY"}
"""PayPal takes these only for accounts in their own country."""


def to_paypal(amount: Money) -> dict[str, str]:
    """The amount to send. Raises `AmountNotAccepted` when PayPal could not charge exactly this."""
    try:
        value = paypal_value(amount)
    except AmountPrecision as error:
        raise AmountNotAccepted(amount) from error
    if value is None:
        raise AmountNotAccepted(amount)
    return {"currency_code": amount.currency.code, "value": value}


def from_paypal(said: Mapping[str, Any]) -> Money:
    """The amount PayPal means, with exactly the digits of its currency. Raises `AmountPrecision`, `UnknownCurrency`."""
    code = str(said["currency_code"])
    amount = Money(Decimal(str(said["value"])), code)
    to_minor(amount)  # nothing is ever cut off
    return Money(amount.amount.quantize(Decimal(1).scaleb(-exponent(code))), code)


def offered_currencies(country: str) -> frozenset[str]:
    """What an account in `country` can be paid in."""
    return frozenset(code for code in paypal_decimals() if IN_COUNTRY.get(code, country) == country)


def coarse_steps() -> dict[str, int]:
    """Currencies PayPal takes without decimals though they have some: only multiples of so many minor units."""
    steps = {code: 10 ** (exponent(code) - decimals) for code, decimals in paypal_decimals().items()}
    return {code: step for code, step in steps.items() if step > 1}
