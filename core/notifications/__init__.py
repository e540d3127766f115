"""Messages to people: rendered in the language of the recipient, logged, sent once, retried."""

from core.notifications.delivery import deliver_due, send

__all__ = ["deliver_due", "send"]
