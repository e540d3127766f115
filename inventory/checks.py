"""Start-up checks: carriers that are named can be loaded, and pretended ones are never an accident."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 (Django's own name)
from django.utils.module_loading import import_string


def check_carriers(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Every dotted path leads somewhere."""
    found: list[CheckMessage] = []
    for name, path in settings.CARRIERS.items():
        try:
            import_string(path)
        except ImportError as error:
            found.append(Error(f"CARRIERS[{name!r}] cannot be loaded: {error}", id="inventory.E001"))
    return found


def check_sandbox_carrier(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Labels no carrier accepts are not bought in production unless somebody wants that."""
    if settings.SANDBOX_CARRIER and str(settings.SETTINGS_MODULE).endswith(".prod"):
        return [
            Warning(
                "The carrier for tests is switched on in production: its labels carry no parcel.",
                hint="Set SANDBOX_CARRIER=no unless this is a demo.",
                id="inventory.W001",
            )
        ]
    return []
