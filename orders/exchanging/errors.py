"""Why goods are not exchanged."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import Money


class NoExchange(DomainError):
    """The return wants no other variant, or its exchange was given up."""

    code = "NO_EXCHANGE"
    message = _("No exchange is agreed for this return.")


class AlreadyOrdered(DomainError):
    """The new order is there; it can be canceled by itself."""

    code = "EXCHANGE_ORDERED"
    message = _("The exchange is an order already. Cancel that order instead.")


class ExchangeMoved(DomainError):
    """Between the preview and the confirmation the price or the worth became another one."""

    code = "EXCHANGE_MOVED"
    message = _("The amounts have changed since they were shown. Look at them again before you confirm.")

    def __init__(self, *, shown: Money, now: Money) -> None:
        self.shown, self.now = shown, now
        super().__init__()
