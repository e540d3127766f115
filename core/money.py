"""Money: exact amounts, one rounding rule, and splits that always add up.

Shapes: `Money` is django-money's pair of `Decimal` and currency. Engines calculate in integer minor
units (cents, yen, fils) and come back to `Money` at their edge. Rounding is half-up, done once, where
`docs/money.md` says. `Money.round` of the library rounds half-even and is not used.
Exponents follow ISO 4217 (`core/data/currency_minor_units.json`), never the display digits of CLDR.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Self

from babel import Locale
from babel.numbers import format_currency
from djmoney.money import Money

from core.errors import DomainError
from core.languages import babel_locale

__all__ = [
    "AmountPrecision",
    "CurrencyMixed",
    "Gross",
    "Money",
    "Net",
    "UnknownCurrency",
    "allocate",
    "allocate_money",
    "exponent",
    "format_money",
    "from_minor",
    "round_half_up",
    "sum_money",
    "to_minor",
    "zero",
]


class UnknownCurrency(DomainError):
    """The code is in no currency table, so nothing can be said about its minor units."""

    code = "UNKNOWN_CURRENCY"

    def __init__(self, currency: str) -> None:
        self.currency = currency
        super().__init__(f"No minor units are known for currency {currency}.")


class AmountPrecision(DomainError):
    """The amount has more digits than its currency: it must be rounded where the rule says, not here."""

    code = "AMOUNT_PRECISION"

    def __init__(self, amount: Money) -> None:
        self.amount = amount
        super().__init__(f"{amount.amount} {amount.currency} has more digits than the currency has.")


class CurrencyMixed(DomainError):
    """Two currencies met in one sum."""

    code = "CURRENCY_MIXED"


@cache
def _exponents() -> dict[str, int]:
    table = json.loads((Path(__file__).parent / "data" / "currency_minor_units.json").read_text("utf-8"))
    return {row["code"]: row["iso_minor_units"] for row in table["rows"] if row["iso_minor_units"] is not None}


def exponent(currency: str) -> int:
    """How many decimal digits `currency` has: 0 for JPY, 2 for EUR, 3 for KWD. Raises `UnknownCurrency`."""
    try:
        return _exponents()[str(currency)]
    except KeyError:
        raise UnknownCurrency(str(currency)) from None


def to_minor(amount: Money) -> int:
    """The amount in minor units. Raises `AmountPrecision` when digits would be lost."""
    scaled = amount.amount.scaleb(exponent(amount.currency.code))
    minor = int(scaled)
    if minor != scaled:
        raise AmountPrecision(amount)
    return minor


def from_minor(minor: int, currency: str) -> Money:
    """The `Money` of `minor` units, with exactly the digits of the currency."""
    return Money(Decimal(minor).scaleb(-exponent(currency)), currency)


def round_half_up(value: Decimal, currency: str) -> Money:
    """`value` (major units) as money, rounded half-up away from zero at ties."""
    step = Decimal(1).scaleb(-exponent(currency))
    return Money(value.quantize(step, rounding=ROUND_HALF_UP), currency)


def zero(currency: str) -> Money:
    """Nothing, in `currency`."""
    return from_minor(0, currency)


def sum_money(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; `currency` names the unit of an empty sum. Raises `CurrencyMixed`."""
    total = 0
    for amount in amounts:
        if amount.currency.code != currency:
            raise CurrencyMixed(f"{amount.currency.code} cannot be added to {currency}.")
        total += to_minor(amount)
    return from_minor(total, currency)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units by `weights` so that the parts sum to `total`.

    Largest remainder; ties go to the larger weight, then to the earlier part. Weights are non-negative;
    all zero means equal shares. A negative total is split as its mirror image. Raises `ValueError` when
    there is nobody to give to.
    """
    if not weights or min(weights) < 0:
        raise ValueError("allocate needs at least one weight and none below zero")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(shares)
    parts = [total * share // whole for share in shares]
    left = total - sum(parts)
    order = sorted(range(len(shares)), key=lambda i: (-(total * shares[i] % whole), -shares[i], i))
    for i in order[:left]:
        parts[i] += 1
    return parts


def allocate_money(total: Money, weights: Sequence[int]) -> list[Money]:
    """`allocate` for money: the parts sum to `total` to the minor unit."""
    currency = total.currency.code
    return [from_minor(part, currency) for part in allocate(to_minor(total), weights)]


def format_money(amount: Money, language: str, *, country: str = "", by_code: bool = False) -> str:
    """The amount as a reader of `language` in `country` writes it, with Latin digits and ISO digits.

    `by_code` writes the ISO code for the sign, where no dollar may be taken for another.
    """
    currency = amount.currency.code
    digits = exponent(currency)
    locale = babel_locale(language, country)
    return format_currency(
        amount.amount.quantize(Decimal(1).scaleb(-digits)),
        currency,
        locale=locale,
        currency_digits=False,
        decimal_quantization=False,
        format=_coded(_pattern(str(locale), digits)) if by_code else _pattern(str(locale), digits),
    )


def _coded(pattern: str) -> str:
    """The pattern with the code of the currency, never close to a digit."""
    return re.sub(r"¤(?=[#0])", "¤\u00a0", pattern).replace("¤", "¤¤")


@cache
def _pattern(locale: str, digits: int) -> str:
    """The locale's currency pattern with exactly `digits` decimals (CLDR and ISO disagree for some)."""
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    fraction = "." + "0" * digits if digits else ""
    return ";".join(_with_fraction(part, fraction) for part in pattern.split(";"))


def _with_fraction(pattern: str, fraction: str) -> str:
    head, dot, tail = pattern.partition(".")
    if not dot:
        return pattern
    return head + fraction + tail.lstrip("0#")


@dataclass(frozen=True)
class _Priced:
    """An amount that knows whether tax is inside; the two kinds never add up with each other."""

    money: Money

    def __add__(self, other: Self) -> Self:
        self._same_kind(other)
        return type(self)(self.money + other.money)

    def __sub__(self, other: Self) -> Self:
        self._same_kind(other)
        return type(self)(self.money - other.money)

    def _same_kind(self, other: object) -> None:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} do not add up")


class Net(_Priced):
    """An amount without tax."""


class Gross(_Priced):
    """An amount with tax inside."""
