"""Model fields and constraints that every app shares."""

from typing import Any, Literal, overload

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Round
from djmoney.models.fields import MoneyField

from core.money import Money, _exponents

ONLY_WHOLE = tuple(sorted(code for code, digits in _exponents().items() if digits == 0))
THREE_DIGITS = tuple(sorted(code for code, digits in _exponents().items() if digits == 3))


@overload
def money_field(*, null: Literal[True], **options: Any) -> "models.Field[Money | Combinable | None, Money | None]": ...
@overload
def money_field(**options: Any) -> "models.Field[Money | Combinable, Money]": ...
def money_field(**options: Any) -> "models.Field[Any, Any]":
    """A money column: `Decimal(19,4)` plus its currency column. No default currency: it is always said."""
    options.setdefault("default_currency", None)
    return MoneyField(  # type: ignore[no-untyped-call]  # the library has no types
        max_digits=19, decimal_places=4, currency_max_length=3, **options
    )


def exponent_check(field: str, name: str, *, currency: str = "") -> models.CheckConstraint:
    """A check that `field` never holds more digits than its currency has: no JPY 100.5, no USD 1.005.

    `currency` names the currency column where several amounts of a row share one.
    """
    currency = currency or f"{field}_currency"

    def fits(digits: int) -> Q:
        return Q(**{field: Round(F(field), Value(digits))})  # type: ignore[arg-type]  # the stub knows numbers only

    whole = Q(**{f"{currency}__in": ONLY_WHOLE})
    three = Q(**{f"{currency}__in": THREE_DIGITS})
    empty = Q(**{f"{field}__isnull": True})
    return models.CheckConstraint(
        condition=empty | (whole & fits(0)) | (three & fits(3)) | (~whole & ~three & fits(2)), name=name
    )


class TimeStamped(models.Model):
    """When a row was made and last changed, by the database's clock as Django sees it."""

    created = models.DateTimeField(auto_now_add=True, editable=False)
    updated = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True
