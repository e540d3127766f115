"""Refusals about parcels on their way."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class ExceptionClosed(DomainError):
    """It is over already."""

    code = "EXCEPTION_CLOSED"
    message = _("This has been dealt with already. Reload the page.")


class ParcelNotReady(DomainError):
    """The parcel cannot get a label or be sent over as it stands; `why` says what it lacks."""

    code = "PARCEL_NOT_READY"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(_("This parcel is not ready: %(why)s") % {"why": why})
