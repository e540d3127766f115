"""Why an order cannot be changed."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import Money


class NothingChanges(DomainError):
    """The plan leaves the order as it is."""

    code = "NOTHING_CHANGES"
    message = _("Nothing would change.")


class ChangeRefused(DomainError):
    """The order, or this part of it, cannot be changed; the sentence says why and what can be done instead."""

    code = "CHANGE_REFUSED"


class ChangeWaiting(DomainError):
    """Another change waits for its payment."""

    code = "CHANGE_WAITING"
    message = _("Another change of this order waits for its payment. Wait for it, or give it up first.")


class PriceMoved(DomainError):
    """Between the preview and the confirmation the difference became another one."""

    code = "CHANGE_PRICE_MOVED"
    message = _("The amount has changed since it was shown. Look at it again before you confirm.")

    def __init__(self, *, shown: Money, now: Money) -> None:
        self.shown, self.now = shown, now
        super().__init__()


class OrderMoved(DomainError):
    """Somebody else has changed the order since it was shown."""

    code = "ORDER_MOVED"
    message = _("Somebody has changed this order since you opened it. Nothing was done.")

    def __init__(self, *, seen: int, now: int) -> None:
        self.seen, self.now = seen, now
        super().__init__()


class CannotMerge(DomainError):
    """The orders cannot become one. `reasons` are sentences."""

    code = "CANNOT_MERGE"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))
