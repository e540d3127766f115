"""`manage.py privacy_export EMAIL`: the copy of a person's data as a ZIP file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from members.privacy_requests import copy_of, subject_named


class Command(BaseCommand):
    """Writes everything held about an address, with or without an account, into a file."""

    help = "Write a copy of everything held about a person into a ZIP file. Check first who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and where the file goes."""
        parser.add_argument("email")
        parser.add_argument("--output", type=Path, default=None, help="default: my-data-<day>.zip in this folder")

    def handle(self, email: str, output: Path | None, **options: Any) -> None:
        """Say where it was written."""
        copy = copy_of(subject_named(email))
        path = output or Path(copy.name)
        path.write_bytes(copy.content)
        self.stdout.write(f"Written to {path}.")
