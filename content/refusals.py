"""What the shop's own words refuse."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class NotQuotable(DomainError):
    """Only shown reviews with five stars and words may stand away from their product."""

    code = "NOT_QUOTABLE"
    message = _("Only reviews that are shown, have five stars and say something can be picked.")


class NotWordForWord(DomainError):
    """Words of a buyer are never changed."""

    code = "NOT_WORD_FOR_WORD"
    message = _("The words have to be a part of the review, letter by letter.")


class PickedAlready(DomainError):
    """Once per place."""

    code = "PICKED_ALREADY"
    message = _("This review is shown there already.")
