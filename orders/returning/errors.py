"""Refusals of returns and of questions about orders."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NotReturnable(DomainError):
    """Something that was chosen cannot be sent back, or not that many, or not for this reason."""

    code = "NOT_RETURNABLE"
    message = _("Some of this cannot be returned any more. Look at the list again.")


class NothingChosen(DomainError):
    """A return of nothing."""

    code = "NOTHING_CHOSEN"
    message = _("Choose what you want to send back.")


class SetTwice(DomainError):
    """A set that is to come back whole and in pieces at once."""

    code = "SET_TWICE"
    message = _("Choose a set as a whole or some of its pieces, not both.")


class ResolutionNotOffered(DomainError):
    """The market or the goods do not allow what was asked for."""

    code = "RESOLUTION_NOT_OFFERED"
    message = _("This is not offered for these goods. Choose something else.")


class ReturnUnknown(DomainError):
    """There is no such return of this order."""

    code = "RETURN_UNKNOWN"
    message = _("We found no such return.")


class ReturnMovedOn(DomainError):
    """The return is past the point where this can be done."""

    code = "RETURN_MOVED_ON"
    message = _("This return has moved on in the meantime. Look at it again.")


class AlreadySent(ReturnMovedOn):
    """The customer has said that the goods are on their way."""

    code = "RETURN_ALREADY_SENT"
    message = _("The goods are on their way already, so this return can no longer be taken back.")


class DeductionRefused(DomainError):
    """Nothing may be kept for wear of this unit; the sentence says why."""

    code = "DEDUCTION_REFUSED"
    message = _("Nothing can be kept for this unit: it is faulty, or nothing shows that it was used.")


class EvidenceMissing(DomainError):
    """A deduction without a reason or without a photo would not stand."""

    code = "EVIDENCE_MISSING"
    message = _("Say what was seen and add a photo: a deduction without them cannot be proven.")


class WithdrawalStands(DomainError):
    """A withdrawal in time has effect by law; nobody can decline it or take it back here."""

    code = "WITHDRAWAL_STANDS"
    message = _("This is a withdrawal from the contract. By law it has effect and cannot be declined.")


class AddressMissing(DomainError):
    """Nobody knows where the goods go. Never guessed."""

    code = "RETURN_ADDRESS_MISSING"
    message = _("Enter the address the goods are sent to: the warehouse has none.")


class TooManyUnits(DomainError):
    """More units were received or looked at than are on their way."""

    code = "TOO_MANY_UNITS"
    message = _("That many are not expected in this return.")


class PlaceMissing(DomainError):
    """A unit that stays with us needs a warehouse."""

    code = "PLACE_MISSING"
    message = _("Say in which warehouse it is.")


class ReasonNeeded(DomainError):
    """A refusal or a write-off says why."""

    code = "REASON_NEEDED"
    message = _("Say why.")


class NotLookedAt(DomainError):
    """Units have arrived that nobody has looked at."""

    code = "NOT_LOOKED_AT"
    message = _("Look at every unit that has arrived first.")


class FileRefused(DomainError):
    """An attachment that is too large, too many, or of a kind that is not taken."""

    code = "FILE_REFUSED"
    message = _("Send photos as JPEG, PNG or WebP, or a document as PDF, each up to 8 MB.")


class TooManyQuestions(DomainError):
    """More open questions about one order than people can mean."""

    code = "TOO_MANY_QUESTIONS"
    message = _("There are many open questions about this order already. Write in one of those.")


class NothingSaid(DomainError):
    """A message without words."""

    code = "NOTHING_SAID"
    message = _("Write a few words.")
