"""Refusals of the operators' desk: tags, saved views, work on many orders."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError


class TagUnknown(DomainError):
    """There is no such tag."""

    code = "ORDER_TAG_UNKNOWN"
    message = _("This tag does not exist any more. Reload the page and choose another one.")


class TagOutOfUse(DomainError):
    """It stays on the orders that have it, and is put on no other."""

    code = "ORDER_TAG_OUT_OF_USE"
    message = _("This tag is out of use. Choose another one.")


class TagNameless(DomainError):
    """A tag is a word."""

    code = "ORDER_TAG_NAMELESS"
    message = _("Write the word of the tag.")


class ViewNameless(DomainError):
    """A saved view needs a name."""

    code = "ORDER_VIEW_NAMELESS"
    message = _("Give the view a name.")


class ViewNameTaken(DomainError):
    """The same person has another view of this name."""

    code = "ORDER_VIEW_NAME_TAKEN"
    message = _("You have another view of this name. Choose a different one.")


class ViewUnknown(DomainError):
    """There is no such view, or it is somebody else's: the two are not told apart."""

    code = "ORDER_VIEW_UNKNOWN"
    message = _("This view does not exist any more, or belongs to somebody else.")


class NothingChosen(DomainError):
    """No order was chosen, or none of those that were exists."""

    code = "NO_ORDER_CHOSEN"
    message = _("Choose at least one order.")


class TooManyChosen(DomainError):
    """More orders than one piece of work takes."""

    code = "TOO_MANY_ORDERS_CHOSEN"

    def __init__(self, *, most: int) -> None:
        self.most = most
        sentence = ngettext(
            "This can be done to %(most)d order at once. Choose fewer.",
            "This can be done to %(most)d orders at once. Choose fewer.",
            most,
        )
        super().__init__(sentence % {"most": most})


class RunUnknown(DomainError):
    """There is no such work, or it is past the point where this can be done."""

    code = "ORDER_RUN_UNKNOWN"
    message = _("This was started or taken back already. Reload the page.")


class NotUndone(DomainError):
    """What was packed or sent is not unpacked by a button."""

    code = "ORDER_RUN_NOT_UNDONE"
    message = _("Parcels cannot be taken back together. Open the orders one by one.")


class CarrierMissing(DomainError):
    """Nobody said who carries the parcel."""

    code = "CARRIER_MISSING"
    message = _("No carrier is known for this order. Name one, or send its parcels from the order's page.")


class ColumnsMissing(DomainError):
    """A table needs columns."""

    code = "EXPORT_COLUMNS_MISSING"
    message = _("Choose at least one column.")


class OwnerUnknown(DomainError):
    """Only people who work in the admin take care of something."""

    code = "HOLD_OWNER_UNKNOWN"
    message = _("This person cannot take care of it. Choose somebody of the team.")
