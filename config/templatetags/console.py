"""How operators read moments: short, with 24 hours, in the time of the admin."""

from datetime import datetime

from babel import Locale
from babel.dates import format_date, format_skeleton
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.importers.registry import import_formats
from config.console.outcomes import in_words
from core.languages import babel_locale
from markets.models import Market
from markets.queries import market_called

register = template.Library()


@register.filter
def called(market: Market) -> str:
    """The market's name in the reader's language."""
    return market_called(market)


@register.simple_tag
def moment(value: datetime) -> SafeString:
    """ "28 Nov, 11:52"; with the year when it is not this one. The zone is said when one points at it."""
    local = timezone.localtime(value)
    locale = _locale()
    if local.year == timezone.localdate().year:
        day = format_skeleton("MMMd", local.date(), locale=locale)
    else:
        day = format_date(local.date(), format="medium", locale=locale)
    hour = local.strftime("%H:%M")
    zone = timezone.get_current_timezone_name()
    return format_html('<time datetime="{}" title="{}">{}, {}</time>', value.isoformat(), zone, day, hour)


@register.simple_tag
def full_day(value: datetime) -> SafeString:
    """ "Saturday 28 November 2026, 12:04 (Europe/Berlin)"."""
    local = timezone.localtime(value)
    day = format_date(local.date(), format="full", locale=_locale())
    hour = f"{local:%H:%M} ({timezone.get_current_timezone_name()})"
    return format_html('<time datetime="{}">{}, {}</time>', value.isoformat(), day, hour)


def _locale() -> Locale:
    """The reader's locale; English is the one that puts the day first."""
    found = babel_locale(get_language() or "en")
    return Locale("en", "GB") if found.language == "en" and not found.territory else found


@register.filter
def change_words(change: list[str]) -> dict[str, str]:
    """One change of an import by names: where, field, old and new."""
    return in_words(change)


@register.filter
def import_format_name(code: str) -> str:
    """What a format of imports is called."""
    known = import_formats().get(code)
    return str(known.label) if known else code
