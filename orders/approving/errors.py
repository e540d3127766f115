"""Refusals around the second person."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class OtherPersonNeeded(DomainError):
    """The one who asked cannot be the one who agrees, and nobody can ask or agree without a name."""

    code = "OTHER_PERSON_NEEDED"
    message = _("Another person than the one who asked has to agree.")


class ApprovalDecided(DomainError):
    """Somebody decided about this before."""

    code = "APPROVAL_DECIDED"
    message = _("This was decided before. Reload the page.")


class ApprovalWaits(DomainError):
    """One wish per order at a time, so that nobody agrees to the same money twice."""

    code = "APPROVAL_WAITS"
    message = _("A refund of this order waits for a second person already. It has to be decided first.")


class FreshSignInNeeded(DomainError):
    """Money above the limit asks for a sign-in that is not older than ten minutes."""

    code = "FRESH_SIGN_IN_NEEDED"
    message = _("Confirm that it is you: your last sign-in is more than ten minutes ago.")
