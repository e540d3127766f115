"""Mechanisms without commerce words: money, events and outbox, transitions, audit, locks, sequences.

Also HTTP out, jobs with imports and exports, notifications, webhooks and the admin base. Every other app may import
this one; it imports none of them.
"""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Lookups are known to every column from here on."""
        import_module("core.lookups")
