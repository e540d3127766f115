"""Stripe's units of money: they follow its own table, not ISO 4217 and not display digits."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.apps import apps
from djmoney.money import Money

from core.money import UnknownCurrency, exponent
from payments.errors import AmountNotAccepted


@cache
def _units() -> dict[str, tuple[int, int]]:
    """Currency to (multiplier of major units, step of the integer)."""
    path = Path(apps.get_app_config("core").path) / "data" / "currency_minor_units.json"
    rows = json.loads(path.read_text("utf-8"))["rows"]
    return {row["code"]: (row["stripe"]["multiplier"], row["stripe"]["amount_step"]) for row in rows if row["stripe"]}


def to_stripe(amount: Money) -> int:
    """The integer to send. Raises `AmountNotAccepted` when Stripe could not charge exactly this."""
    multiplier, step = _of(amount.currency.code)
    scaled = amount.amount * multiplier
    units = int(scaled)
    if units != scaled or units % step:
        raise AmountNotAccepted(amount)
    return units


def from_stripe(units: int, currency: str) -> Money:
    """The amount a Stripe integer means."""
    code = currency.upper()
    multiplier, _ = _of(code)
    value = Decimal(units) / multiplier
    return Money(value.quantize(Decimal(1).scaleb(-exponent(code))) if multiplier > 1 else value, code)


def coarse_steps() -> dict[str, int]:
    """Currencies in which only multiples of so many ISO minor units can be charged."""
    steps = {}
    for code, (multiplier, step) in _units().items():
        minor_per_step = step * 10 ** exponent(code) // multiplier
        if minor_per_step > 1:
            steps[code] = minor_per_step
    return steps


def _of(code: str) -> tuple[int, int]:
    try:
        return _units()[code]
    except KeyError:
        raise UnknownCurrency(code) from None
