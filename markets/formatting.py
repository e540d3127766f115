"""Dates, numbers and money as the reader writes them. Pure: Babel, with Latin digits everywhere."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.dates import format_time as babel_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent
from django.utils.translation import gettext as _
from djmoney.money import Money

from core.languages import babel_locale
from core.money import format_money as core_format_money
from markets.types import MarketContext

DAY_ORDER_FIRST = frozenset({"ja", "zh", "ko"})
"""Languages that write the month before the day: both days of a range carry it."""


def format_money(amount: Money, market: MarketContext) -> str:
    """The amount as a reader of the market's language writes it there."""
    return core_format_money(amount, market.language, country=market.home_country)


def format_number(value: Decimal | int, language: str, country: str = "") -> str:
    return str(format_decimal(value, locale=_locale(language, country)))


def format_percent(fraction: Decimal, language: str, country: str = "") -> str:
    """`0.081` as "8.1%" with up to three decimals and no trailing zeros."""
    percent = (fraction * 100).normalize()
    digits = max(0, -int(percent.as_tuple().exponent))
    locale = _locale(language, country)
    pattern = locale.percent_formats[None].pattern.replace("#,##0", "#,##0" + ("." + "#" * digits if digits else ""))
    return str(babel_percent(fraction, format=pattern, locale=locale))


def format_date(day: date, language: str, country: str = "", *, style: str = "long") -> str:
    """The day with its year: "1 December 2026". `style` is one of Babel's: short, medium, long, full."""
    return str(babel_date(day, format=style, locale=_locale(language, country)))


def format_day(day: date, language: str, country: str = "", *, form: str = "day") -> str:
    """The day in words. `day` is "Tue 1 Dec", without a year; `date` is "1 December 2026"; `short` is "1 Dec 2026"."""
    if form == "date":
        return format_date(day, language, country)
    if form == "short":
        return format_date(day, language, country, style="medium")
    if _is_plain_english(language, country):
        return f"{_part(day, 'EEE', language, country)} {day.day} {_part(day, 'MMM', language, country)}"
    return str(format_skeleton("MMMEd", day, locale=_locale(language, country)))


def format_day_range(start: date, end: date, language: str, country: str = "") -> str:
    """A range of days without a year: "Tue 1 to Wed 2 Dec"; one day when both are the same.

    The month is said once when it is the same and the language puts it last.
    """
    if start == end:
        return format_day(start, language, country)
    first = format_day(start, language, country)
    last = format_day(end, language, country)
    if (start.year, start.month) == (end.year, end.month):
        first = _without_month(start, language, country)
    return _("%(start)s to %(end)s") % {"start": first, "end": last}


def format_moment(moment: datetime, language: str, *, timezone: str, country: str = "") -> str:
    """Date and time of day in the market's time zone."""
    local = moment.astimezone(ZoneInfo(timezone))
    locale = _locale(language, country)
    day, hour = (
        babel_date(local.date(), format="medium", locale=locale),
        babel_time(local.time(), format="short", locale=locale),
    )
    return f"{day}, {hour}"


def _is_plain_english(language: str, country: str) -> bool:
    """English as it is read outside the United States: the day first, no commas."""
    return language.startswith("en") and country != "US"


def _locale(language: str, country: str) -> Locale:
    """The reader's locale; English outside the United States is the international one."""
    found = babel_locale(language, country)
    return Locale("en", "001") if str(found) == "en" and country != "US" else found


def _without_month(day: date, language: str, country: str) -> str:
    """The day as `format_day` writes it, less its month; whole where the month stands first."""
    if _is_plain_english(language, country):
        return f"{_part(day, 'EEE', language, country)} {day.day}"
    if language.split("-", maxsplit=1)[0] in DAY_ORDER_FIRST or country == "US":
        return format_day(day, language, country)
    return str(format_skeleton("Ed", day, locale=_locale(language, country)))


def _part(day: date, pattern: str, language: str, country: str) -> str:
    return str(babel_date(day, format=pattern, locale=_locale(language, country)))


def format_choice(names: Sequence[str], language: str) -> str:
    """Names of which any one will do, as the language lists them: `RFC or CURP`, `RFC oder CURP`."""
    return format_list(list(names), style="or", locale=_locale(language, ""))
