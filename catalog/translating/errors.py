"""What the translation desk refuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One text that was refused, and why."""

    field: str
    language: str
    sentence: str


class UnknownText(DomainError):
    """No such row, field or language is translated here."""

    code: ClassVar[str] = "UNKNOWN_TEXT"
    message = _("There is no such text to translate.")


class TextsMoved(DomainError):
    """Somebody else changed the original or the translation meanwhile. `texts` says which."""

    code: ClassVar[str] = "TEXTS_MOVED"
    message = _("Somebody else changed these texts while you had them open. Nothing was saved; compare and save again.")

    def __init__(self, texts: Sequence[Refused]) -> None:
        self.texts = tuple(texts)
        super().__init__()


class TextsRefused(DomainError):
    """Texts that cannot be stored or approved as they are. `texts` says which and why."""

    code: ClassVar[str] = "TEXTS_REFUSED"
    message = _("Some translations cannot be taken like this. Nothing was saved.")

    def __init__(self, texts: Sequence[Refused]) -> None:
        self.texts = tuple(texts)
        super().__init__()


class NoMachineTranslator(DomainError):
    """None is configured."""

    code: ClassVar[str] = "NO_MACHINE_TRANSLATOR"
    message = _("No machine translation is set up.")


class MachineTranslationFailed(DomainError):
    """The service did not answer, or not with what was asked for."""

    code: ClassVar[str] = "MACHINE_TRANSLATION_FAILED"
    message = _("The machine translation did not answer. Nothing was changed; try again later.")
