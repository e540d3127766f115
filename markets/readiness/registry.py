"""The areas of readiness, collected from the apps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from markets.readiness.types import Area

_areas: dict[str, Area] = {}


class DuplicateArea(RuntimeError):
    """Two areas share a code."""


def register(*areas: Area) -> None:
    """Add areas. Raises `DuplicateArea` when a code is taken by another one."""
    for area in areas:
        if _areas.get(area.code, area) != area:
            raise DuplicateArea(area.code)
        _areas[area.code] = area


def registered() -> list[Area]:
    """All areas of all installed apps, in their order."""
    for config in apps.get_app_configs():
        name = f"{config.name}.readiness"
        if name not in {"markets.readiness"} and find_spec(name) is not None:
            import_module(name)
    return sorted(_areas.values(), key=lambda area: (area.position, area.code))
