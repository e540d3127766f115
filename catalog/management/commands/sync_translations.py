"""`manage.py sync_translations`: write down how far every translation is, for rows written past the actions."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from catalog.models import TranslationState
from catalog.translating.noting import forget_unused_originals, sync_texts
from catalog.translating.provenance import written_as
from catalog.translating.registry import translatables


class Command(BaseCommand):
    """Needed once when a shop comes from an older version; every night it runs by itself. Twice changes nothing."""

    help = "Bring the book of translations to what all rows say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--state",
            choices=TranslationState.State.values,
            default=TranslationState.State.DRAFT,
            help="the state of words nobody has judged yet",
        )

    def handle(self, **options: Any) -> None:
        """Model by model."""
        with written_as(options["state"]):
            for entry in translatables():
                self.stdout.write(f"  {entry.key}: {sync_texts(entry)}")
        self.stdout.write(f"  originals dropped: {forget_unused_originals()}")
