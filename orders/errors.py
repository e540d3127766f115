"""Refusals of orders."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.money import Money


class OrderUnknown(DomainError):
    """There is no such order, or it is somebody else's: the two are not told apart."""

    code = "ORDER_UNKNOWN"
    message = _("We found no order for these details. Check the number and the email address.")


class OrderNotOpen(DomainError):
    """The order is past the point where this can be done."""

    code = "ORDER_NOT_OPEN"
    message = _("This order can no longer be changed.")

    def __init__(self, *, number: str, state: str) -> None:
        self.number, self.state = number, state
        super().__init__()


class AlreadyShipped(DomainError):
    """Something of it has left the warehouse."""

    code = "ALREADY_SHIPPED"
    message = _("Part of this order has already been sent.")

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__()


class OrderOnHold(DomainError):
    """An open hold stops the parcel."""

    code = "ORDER_ON_HOLD"
    message = _("This order is on hold. Resolve the hold first.")

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__()


class NotPaid(DomainError):
    """Goods leave only when enough money was received."""

    code = "NOT_PAID"
    message = _("This order is not paid yet.")

    def __init__(self, *, number: str) -> None:
        self.number = number
        super().__init__()


class NothingToShip(DomainError):
    """More was to be packed than is open."""

    code = "NOTHING_TO_SHIP"
    message = _("That many are not open on this order.")


class NothingToCapture(DomainError):
    """No payment of the order is held for us."""

    code = "NOTHING_TO_CAPTURE"
    message = _("No money is held for this order.")


class GiftCardSpent(DomainError):
    """A gift card that was sold is spent, in part at least, so its price cannot go back."""

    code = "GIFT_CARD_SPENT"
    message = _("This gift card was used already, so its price cannot be refunded.")


class NothingToRefund(DomainError):
    """Nothing was chosen, or everything chosen was refunded already."""

    code = "NOTHING_TO_REFUND"
    message = _("There is nothing left to refund here.")


class RefundTooLarge(DomainError):
    """More was to be given back than was received."""

    code = "REFUND_TOO_LARGE"
    message = _("That is more than was received for this order.")


class DeductionTooLarge(DomainError):
    """More is to be kept for wear than the goods have cost."""

    code = "DEDUCTION_TOO_LARGE"
    message = _("That is more than these goods have cost.")


class TotalsDoNotMatch(DomainError):
    """A payment in another currency than the order."""

    code = "CURRENCY_MISMATCH"
    message = _("The payment is in another currency than the order.")


class QuoteNotOrderable(DomainError):
    """The quote has problems that must be solved before it can become an order."""

    code = "QUOTE_NOT_ORDERABLE"
    message = _("Something in your cart needs your attention first.")


class LineUnknown(DomainError):
    """The order has no such line, or it has not arrived yet."""

    code = "LINE_UNKNOWN"
    message = _("You can write a review once the product has arrived.")


class HoldUnknown(DomainError):
    """There is no such open hold."""

    code = "HOLD_UNKNOWN"
    message = _("This hold is already resolved.")


class ReasonMissing(DomainError):
    """The operation must say why."""

    code = "REASON_MISSING"
    message = _("Say why.")


class NothingToTakeBack(DomainError):
    """More units were to come back than are with the customer or still waiting."""

    code = "NOTHING_TO_TAKE_BACK"
    message = _("That many units cannot come back: they are not on this order any more.")


class NothingToWithdraw(DomainError):
    """Everything chosen was withdrawn or canceled before."""

    code = "NOTHING_TO_WITHDRAW"
    message = _("You have withdrawn from everything in this order already.")


class RefundChanged(DomainError):
    """Between the preview and the confirmation the amount became another one."""

    code = "REFUND_CHANGED"
    message = _("The amount has changed since it was shown. Look at it again before you confirm.")

    def __init__(self, *, shown: Money, now: Money) -> None:
        self.shown, self.now = shown, now
        super().__init__()


class TrackingNumberTaken(DomainError):
    """Another parcel of the carrier already has this number."""

    code = "TRACKING_NUMBER_TAKEN"
    message = _("Another parcel of this carrier already has this tracking number.")


class PresaleTaken(QuoteNotOrderable):
    """Somebody else has just taken the last pieces of a pre-sale."""

    code = "PRESALE_TAKEN"
    message = _("Somebody has just taken the last pieces of this pre-sale.")


class PresaleLimitReached(QuoteNotOrderable):
    """One customer has ordered as many pieces of a pre-sale as each may."""

    code = "PRESALE_LIMIT_REACHED"

    def __init__(self, *, variant_id: int, name: str, most: int, ordered: int) -> None:
        self.variant_id, self.most, self.ordered = variant_id, most, ordered
        super().__init__(
            ngettext(
                "%(item)s: each customer can order %(most)d piece before it is released. You have ordered %(ordered)d.",
                "%(item)s: each customer can order %(most)d pieces before it is released. You have ordered "
                "%(ordered)d.",
                most,
            )
            % {"item": name, "most": most, "ordered": ordered}
        )


class NotReleased(DomainError):
    """A parcel of a pre-sale does not leave before its day."""

    code = "NOT_RELEASED"

    def __init__(self, *, day: date) -> None:
        self.day = day
        super().__init__(_("This parcel is a pre-sale. It may leave from %(day)s.") % {"day": date_format(day)})


class NoRightToCancel(DomainError):
    """The line is no pre-sale whose day was moved, or it has left."""

    code = "NO_RIGHT_TO_CANCEL"
    message = _("This item cannot be canceled here any more. Write to us, or return it when it has arrived.")


class DownloadRefused(DomainError):
    """A download is not open; the sentence says why and what can be done."""

    code = "DOWNLOAD_REFUSED"
