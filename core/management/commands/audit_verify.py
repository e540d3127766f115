"""`manage.py audit_verify`: prove that no entry of the activity log was altered or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import audit
from core.models import AuditEntry


class Command(BaseCommand):
    """Walks the hash chain from the first entry to the last."""

    help = "Verify the hash chain of the activity log; exits 1 when it is broken."

    def handle(self, **options: Any) -> None:
        """Print broken entries; fail when there are any."""
        broken = 0
        for entry_id, what in audit.broken_entries():
            broken += 1
            self.stdout.write(f"entry {entry_id} {what}")
        if broken:
            raise CommandError(f"The activity log is broken in {broken} places.")
        self.stdout.write(f"{AuditEntry.objects.count()} entries, unbroken.")
