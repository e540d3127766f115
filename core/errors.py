"""Refusals: every rule that says no raises a `DomainError` with a stable code and a sentence."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal by a rule of the shop. `code` is stable; `message` is for the reader, in their language.

    Subclasses keep the facts of the refusal as attributes and set `message` or pass it.
    """

    code: ClassVar[str] = "REFUSED"
    message: str | Promise = _("This is not possible.")

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)
