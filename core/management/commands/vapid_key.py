"""Make a key for web push, to be put into the settings once."""

from typing import Any

from django.core.management.base import BaseCommand

from core.notifications.push_envelope import new_key, to_text


class Command(BaseCommand):
    """Prints a line for `.env`. Another key later ends every agreement of every browser."""

    help = "Make the key that signs web push messages."

    def handle(self, *args: Any, **options: Any) -> None:
        """A new one each time; nothing is stored."""
        number = new_key().private_numbers().private_value
        self.stdout.write(f"VAPID_PRIVATE_KEY={to_text(number.to_bytes(32, 'big'))}")
