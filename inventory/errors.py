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


class CarrierUnknown(DomainError):
    """No account or adapter of this name is switched on."""

    code = "CARRIER_UNKNOWN"
    message = _("There is no such carrier account, or it is switched off.")


class CarrierCannot(DomainError):
    """The carrier's connection does not do what was asked."""

    code = "CARRIER_CANNOT"
    message = _("This carrier account cannot do that.")


class CarrierUnreachable(DomainError):
    """The carrier did not answer, or not in time: what was asked may have happened."""

    code = "CARRIER_UNREACHABLE"
    message = _("The carrier does not answer. Nothing is lost: try again in a while.")

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__()


class CarrierRefused(DomainError):
    """The carrier said no, and why."""

    code = "CARRIER_REFUSED"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(_("The carrier says no: %(reason)s") % {"reason": reason or "–"})


class BadCarrierMessage(DomainError):
    """A message that is not signed by whom it names, or cannot be read at all."""

    code = "BAD_CARRIER_MESSAGE"
    message = _("This message is not from the carrier it names.")


class LabelInProgress(DomainError):
    """Somebody is buying a label for this parcel at this moment."""

    code = "LABEL_IN_PROGRESS"
    message = _("A label for this parcel is being bought. Reload the page in a moment.")


class LabelStands(DomainError):
    """The parcel has a label. It is given back before another one is bought."""

    code = "LABEL_STANDS"
    message = _("This parcel has a label already. Give that one back first.")


class LabelGone(DomainError):
    """The label cannot be printed or given back as it stands."""

    code = "LABEL_GONE"
    message = _("This label cannot be used any more.")


class NoRate(DomainError):
    """No rate of the sheet fits the parcel. Never treated as free."""

    code = "NO_RATE"
    message = _("No service of this carrier takes a parcel like this one.")


class SheetUnreadable(DomainError):
    """A rate sheet that cannot be brought in; `problems` are its lines and what is wrong with them."""

    code = "SHEET_UNREADABLE"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(_("The sheet cannot be brought in: %(list)s") % {"list": "; ".join(problems[:5])})
