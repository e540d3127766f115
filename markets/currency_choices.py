"""Which currencies a form offers beside an amount: those of the shop's markets, named in the reader's language."""

from collections.abc import Iterable

from babel.numbers import get_currency_name
from django import forms
from django.utils.translation import get_language

from core.languages import babel_locale
from markets.cache import remembered
from markets.models import Market


def offer_currencies(form: forms.BaseForm, *names: str, first: str = "") -> None:
    """Amounts may be in a currency of a market, in the one they are in, or in `first`, which an empty one shows."""
    for name in names:
        field = form.fields.get(name)
        if field is None:  # who may only look is shown the amount, and no field
            continue
        held = getattr(form.initial.get(name), "currency", "")
        offered = _choices({first, str(held)} - {""})
        field.fields[1].choices = offered  # type: ignore[attr-defined]  # djmoney's field is one of several values
        field.widget.widgets[1].choices = offered
        if first:
            field.widget.default_currency = first


def _choices(also: Iterable[str]) -> list[tuple[str, str]]:
    locale = babel_locale(get_language() or "en")
    codes = {*_of_markets(), *also}
    named = [(code, f"{get_currency_name(code, locale=locale)} ({code})") for code in codes]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _of_markets() -> tuple[str, ...]:
    return remembered(("market-currencies",), _read)


def _read() -> tuple[str, ...]:
    return tuple(Market.objects.order_by("currency").values_list("currency", flat=True).distinct())
