"""Start-up checks: what the settings name exists."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from catalog.search.protocol import DEFAULT_BACKEND


@register
def search_settings(**options: Any) -> Sequence[CheckMessage]:
    """`SEARCH_BACKEND` and `SEARCH_EXTRA_SOURCES` can be imported."""
    named = [getattr(settings, "SEARCH_BACKEND", DEFAULT_BACKEND), *getattr(settings, "SEARCH_EXTRA_SOURCES", ())]
    found: list[CheckMessage] = []
    for path in named:
        try:
            import_string(path)
        except ImportError as trouble:
            found.append(Error(f"Search settings name {path}, which cannot be imported: {trouble}", id="catalog.E001"))
    return found


@register
def import_settings(**options: Any) -> Sequence[CheckMessage]:
    """`IMPORT_FORMATS` can be imported."""
    found: list[CheckMessage] = []
    for path in settings.IMPORT_FORMATS:
        try:
            import_string(path)
        except ImportError as trouble:
            found.append(Error(f"IMPORT_FORMATS names {path}, which cannot be imported: {trouble}", id="catalog.E002"))
    return found


@register
def stock_settings(**options: Any) -> Sequence[CheckMessage]:
    """`STOCK_BOOK` can be imported."""
    try:
        import_string(settings.STOCK_BOOK)
    except ImportError as trouble:
        return [Error(f"STOCK_BOOK cannot be imported: {trouble}", id="catalog.E003")]
    return []


@register
def machine_translator_setting(**options: Any) -> Sequence[CheckMessage]:
    """`MACHINE_TRANSLATOR` can be imported, when it names something."""
    if not settings.MACHINE_TRANSLATOR:
        return []
    try:
        import_string(settings.MACHINE_TRANSLATOR)
    except ImportError as trouble:
        return [Error(f"MACHINE_TRANSLATOR cannot be imported: {trouble}", id="catalog.E004")]
    return []
