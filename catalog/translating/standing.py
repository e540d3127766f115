"""How far a text is in each language, as one short string. Pure.

`,ar=s,de=a,` says: stale in Arabic, approved in German, missing in every other language.
"""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Standing(StrEnum):
    """Where one translation stands; the value is its letter in the string."""

    MISSING = "-"
    MACHINE = "m"
    DRAFT = "d"
    APPROVED = "a"
    STALE = "s"

    @property
    def label(self) -> str | Promise:
        """In words."""
        return LABELS[self]

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return TONES[self]


LABELS: Mapping[Standing, str | Promise] = {
    Standing.MISSING: _("Missing"),
    Standing.MACHINE: _("Machine translation"),
    Standing.DRAFT: _("Draft"),
    Standing.APPROVED: _("Approved"),
    Standing.STALE: _("Outdated"),
}
TONES: Mapping[Standing, str] = {
    Standing.MISSING: "bad",
    Standing.MACHINE: "warn",
    Standing.DRAFT: "warn",
    Standing.APPROVED: "ok",
    Standing.STALE: "bad",
}
OF_STATE: Mapping[str, Standing] = {
    "machine": Standing.MACHINE,
    "draft": Standing.DRAFT,
    "approved": Standing.APPROVED,
}


def standing_of(state: str, source_hash: str, present_hash: str) -> Standing:
    """Where a stored translation stands against the present original."""
    return OF_STATE[state] if source_hash == present_hash else Standing.STALE


def written(standings: Mapping[str, Standing]) -> str:
    """Language to standing, as stored. Missing ones are left out, so that a new language needs no change."""
    parts = [f"{code}={where}" for code, where in sorted(standings.items()) if where is not Standing.MISSING]
    return f",{','.join(parts)}," if parts else ","


def read(states: str) -> dict[str, Standing]:
    """The languages that have words, and where they stand."""
    return {
        code: Standing(letter) for code, _sign, letter in (part.partition("=") for part in states.split(",") if part)
    }


def pattern(language: str, where: Standing) -> str:
    """What the string of a text contains when it stands so in this language; for `missing`, what it does not."""
    return f",{language}=" if where is Standing.MISSING else f",{language}={where},"
