"""Machine translation, if the shop has one. `settings.MACHINE_TRANSLATOR` names it by dotted path; empty is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, kw_only=True)
class MachineRequest:
    """Texts of one language pair. `is_html` texts carry tags that must come back as they are."""

    source: str
    target: str
    texts: tuple[str, ...]
    is_html: bool = False


class MachineTranslator(Protocol):
    """One service. It sets its own time limit and is called with no transaction open."""

    def translate(self, request: MachineRequest) -> Sequence[str]:
        """A translation per text, in order. Raises `catalog.translating.errors.MachineTranslationFailed`."""


def machine_translator() -> MachineTranslator | None:
    """The one that is set up; none by default."""
    return _made(settings.MACHINE_TRANSLATOR) if settings.MACHINE_TRANSLATOR else None


@cache
def _made(path: str) -> MachineTranslator:
    translator: MachineTranslator = import_string(path)()
    return translator
