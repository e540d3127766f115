"""Ties the apps together once all of them are loaded."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Portolan"

    def ready(self) -> None:
        # Imported here because reactions name models of every app, and those exist only from this moment on.
        from config import celery  # noqa: F401, PLC0415 (loading it makes it the app that tasks are sent through)
        from config.reactions import REACTIONS  # noqa: PLC0415
        from core.events import bind  # noqa: PLC0415

        bind(REACTIONS)
