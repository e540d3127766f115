"""`manage.py privacy_erase EMAIL`: forget a person; what the law keeps is pseudonymised."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.privacy_requests import ErasureWaits, forget, subject_named


class Command(BaseCommand):
    """Erases an address, with or without an account. Asks first, unless told `--yes`."""

    help = "Erase a person. Check first who asks: this cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and whether to ask."""
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, email: str, *, yes: bool, **options: Any) -> None:
        """Say what was changed, by table."""
        if not yes and input(f"Erase everything about {email}? Type yes: ").strip().lower() != "yes":
            raise CommandError("Nothing was erased.")
        try:
            counts = forget(subject_named(email))
        except ErasureWaits as refusal:
            raise CommandError("\n".join([str(refusal), *refusal.reasons])) from None
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write("Erased." if counts else "Nothing was held.")
