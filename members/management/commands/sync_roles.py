"""`manage.py sync_roles`: bring the operators' groups in line with `members/roles.py`."""

from typing import Any

from django.core.management.base import BaseCommand

from members.actions import sync_roles


class Command(BaseCommand):
    """Makes missing groups and gives each exactly the permissions of its role. Running it again changes nothing."""

    help = "Create the operators' roles as groups, or bring them up to date."

    def handle(self, **options: Any) -> None:
        """Say which changed."""
        changed = sync_roles()
        self.stdout.write(f"Brought up to date: {', '.join(changed)}." if changed else "All roles are up to date.")
