"""Status moves only along declared transitions, by `become()`."""

from typing import ClassVar

from django.db import models

from core.errors import DomainError


class IllegalTransition(DomainError):
    """The move is not one this thing can make from where it is."""

    code = "ILLEGAL_TRANSITION"

    def __init__(self, target: models.Model, field: str, now: str, wanted: str) -> None:
        self.target, self.field, self.now, self.wanted = target, field, now, wanted
        super().__init__(f"{target._meta.label} {target.pk}: {field} cannot go from {now!r} to {wanted!r}.")


class Transitions(models.Model):
    """A model whose status fields move by `become`. `transitions` maps field → state → states after it."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {}

    class Meta:
        abstract = True

    def may_become(self, field: str, wanted: str) -> bool:
        """Whether `field` can move to `wanted` now."""
        return wanted in self.transitions[field].get(getattr(self, field), frozenset())

    def become(self, **moves: str) -> None:
        """Move the named status fields and store just them. Raises `IllegalTransition`; stores nothing then.

        The caller holds the row's lock. A move to the present state is refused like any other undeclared one.
        """
        for field, wanted in moves.items():
            if not self.may_become(field, wanted):
                raise IllegalTransition(self, field, getattr(self, field), wanted)
        for field, wanted in moves.items():
            setattr(self, field, wanted)
        stamps = [name for name in ("updated",) if hasattr(self, name)]
        self.save(update_fields=[*moves, *stamps])
