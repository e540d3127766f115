"""Start-up checks of the warehouse floor."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

PATHS = ("PARCEL_LABELS", "PACKING_CARTONS")


def check_floor(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """What the packing table is to use can be loaded."""
    found: list[CheckMessage] = []
    for name in PATHS:
        path = getattr(settings, name)
        try:
            if path:
                import_string(path)
        except ImportError as error:
            found.append(Error(f"{name} cannot be loaded: {error}", id="orders.E001"))
    return found
