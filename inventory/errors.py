"""Refusals of inventory."""

from collections.abc import Mapping

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


class ReasonDoesNotFit(DomainError):
    """Pieces cannot be more because they broke, nor fewer because they were found."""

    code = "REASON_DOES_NOT_FIT"
    message = _("This reason does not fit a change in that direction.")


class BatchesExpired(DomainError):
    """What would have to leave is past its date."""

    code = "BATCHES_EXPIRED"

    def __init__(self, *, stock_item_id: int, missing: int) -> None:
        self.stock_item_id, self.missing = stock_item_id, missing
        super().__init__(
            ngettext(
                "%(count)d piece on this shelf is past its date. Write it off, then take one from elsewhere.",
                "%(count)d pieces on this shelf are past their date. Write them off, then take others from elsewhere.",
                missing,
            )
            % {"count": missing}
        )


class BatchesDiffer(DomainError):
    """There are fewer pieces in batches than are to leave them: the books of this shelf need a check."""

    code = "BATCHES_DIFFER"
    message = _("The batches of this shelf do not hold that many pieces.")


class BatchDateDiffers(DomainError):
    """The same batch was booked with another date before."""

    code = "BATCH_DATE_DIFFERS"

    def __init__(self, *, batch: str) -> None:
        self.batch = batch
        super().__init__(_("The batch %(batch)s is here already, with another date. Look at both.") % {"batch": batch})


class NothingToSend(DomainError):
    """A transfer without a single piece does not leave."""

    code = "NOTHING_TO_SEND"
    message = _("There is nothing in this transfer yet.")


class SamePlace(DomainError):
    """A transfer goes from one warehouse to another."""

    code = "SAME_PLACE"
    message = _("Choose two different warehouses.")


class NotThere(DomainError):
    """The warehouse cannot spare so many of some variants. `missing` says how many, by SKU."""

    code = "NOT_THERE"

    def __init__(self, missing: Mapping[str, int]) -> None:
        self.missing = dict(missing)
        what = ", ".join(f"{sku}: {count}" for sku, count in sorted(self.missing.items()))
        super().__init__(_("The warehouse cannot spare these (SKU: pieces missing): %(what)s") % {"what": what})


class TransferMoved(DomainError):
    """The transfer is not where this can be done any more, or not yet."""

    code = "TRANSFER_MOVED"
    message = _("This transfer has moved on. Load the page again.")


class LossNeedsReason(DomainError):
    """Pieces that never arrived are closed with a kind of loss."""

    code = "LOSS_NEEDS_REASON"
    message = _("Say what became of the pieces that did not arrive.")


class NobodyCounts(DomainError):
    """The stock take is not being counted now."""

    code = "NOBODY_COUNTS"
    message = _("This stock take is not being counted now.")


class NotInTake(DomainError):
    """What was scanned does not belong to this stock take."""

    code = "NOT_IN_TAKE"

    def __init__(self, *, text: str) -> None:
        self.text = text
        super().__init__(_("%(code)s is not part of this stock take.") % {"code": text})


class NothingToCount(DomainError):
    """No shelf fits what was chosen."""

    code = "NOTHING_TO_COUNT"
    message = _("No stock fits. Choose another part of the warehouse.")


class SecondPersonNeeded(DomainError):
    """Large differences need somebody else's word before they are booked."""

    code = "SECOND_PERSON_NEEDED"

    def __init__(self, *, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "%(count)d large difference waits for a second person.",
                "%(count)d large differences wait for a second person.",
                count,
            )
            % {"count": count}
        )


class OwnCount(DomainError):
    """Whoever counted does not agree to their own difference."""

    code = "OWN_COUNT"
    message = _("You counted this yourself. Somebody else has to agree.")


class TakeRefused(DomainError):
    """Some differences cannot be booked; nothing was. `reasons` says why, by SKU."""

    code = "TAKE_REFUSED"

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)
        what = " ".join(f"{sku}: {why}" for sku, why in sorted(self.reasons.items()))
        super().__init__(_("Nothing was booked. %(what)s") % {"what": what})


class OverrideReasonMissing(DomainError):
    """Goods leave from elsewhere than was planned, and nobody says why."""

    code = "OVERRIDE_REASON_MISSING"
    message = _("Say why the goods leave from another warehouse than planned.")


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
