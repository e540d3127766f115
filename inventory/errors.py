"""Refusals of inventory."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError


class OutOfStock(DomainError):
    """There is not enough of a variant for what was asked."""

    code = "OUT_OF_STOCK"

    def __init__(self, *, variant_id: int, wanted: int, available: int, line_ref: str = "") -> None:
        self.variant_id, self.wanted, self.available, self.line_ref = variant_id, wanted, available, line_ref
        if available <= 0:
            super().__init__(_("This item has just sold out."))
        else:
            super().__init__(
                ngettext("Only %(count)d is left.", "Only %(count)d are left.", available) % {"count": available}
            )


class FlashSoldOut(DomainError):
    """The quota of a flash item does not hold so many any more."""

    code = "FLASH_SOLD_OUT"
    message = _("The pieces of this offer are gone.")

    def __init__(self, *, flash_item: str, wanted: int) -> None:
        self.flash_item, self.wanted = flash_item, wanted
        super().__init__()


class HoldExpired(DomainError):
    """The stock held for a checkout was given back before it became an order."""

    code = "HOLD_EXPIRED"
    message = _("We held your items for a while and had to let them go. Check your cart and try again.")


class NoDelivery(DomainError):
    """No delivery method reaches the address with this weight. Never treated as free."""

    code = "NO_DELIVERY"
    message = _("We have no delivery method for this address yet.")


class NotAllocated(DomainError):
    """More was to be sent or released than is promised from that warehouse."""

    code = "NOT_ALLOCATED"
    message = _("That many are not set aside for this order in this warehouse.")


class ReasonMissing(DomainError):
    """A correction of stock says why, or is not made."""

    code = "REASON_MISSING"
    message = _("Say why the stock is corrected.")


class CountTooLow(DomainError):
    """Fewer were counted than are promised already."""

    code = "COUNT_TOO_LOW"

    def __init__(self, *, promised: int) -> None:
        self.promised = promised
        super().__init__(
            ngettext(
                "%(count)d piece is promised already. Cancel or move orders first, then correct the stock.",
                "%(count)d pieces are promised already. Cancel or move orders first, then correct the stock.",
                promised,
            )
            % {"count": promised}
        )


class OverrideReasonMissing(DomainError):
    """Goods leave from elsewhere than was planned, and nobody says why."""

    code = "OVERRIDE_REASON_MISSING"
    message = _("Say why the goods leave from another warehouse than planned.")
