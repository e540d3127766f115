"""Amounts as payment providers want them written. The table of units is `core/data/currency_minor_units.json`."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.apps import apps

from core.money import AmountPrecision, Money, exponent, round_half_up
from markets.charm import to_grid
from payments.providers.stripe.amounts import coarse_steps


def chargeable(amount: Money) -> Money:
    """The nearest amount that every provider can charge: it is what must be shown. KWD 8.303 is 8.300."""
    code = amount.currency.code
    step = coarse_steps().get(code, 1)
    if step == 1:
        return amount
    return round_half_up(to_grid(amount.amount, Decimal(step).scaleb(-exponent(code))), code)


def paypal_value(amount: Money) -> str | None:
    """The amount as PayPal wants it written; None for currencies it does not take. Raises `AmountPrecision`."""
    decimals = paypal_decimals().get(amount.currency.code)
    if decimals is None:
        return None
    rounded = amount.amount.quantize(Decimal(1).scaleb(-decimals))
    if rounded != amount.amount:
        raise AmountPrecision(amount)
    return str(rounded)


@cache
def paypal_decimals() -> dict[str, int]:
    """The currencies PayPal takes, with the digits it allows in each."""
    path = Path(apps.get_app_config("core").path) / "data" / "currency_minor_units.json"
    rows = json.loads(path.read_text("utf-8"))["rows"]
    return {row["code"]: row["paypal"]["decimals"] for row in rows if (row["paypal"] or {}).get("supported")}
