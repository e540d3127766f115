"""Messages to people: rendered in the language of the recipient, logged, sent once per channel, retried."""

from core.notifications.delivery import deliver_due
from core.notifications.writing import send

__all__ = ["deliver_due", "send"]
