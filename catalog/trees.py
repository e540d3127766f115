"""The tree of categories as numbers: what is below what, in which order, and where a step leads. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A small move that needs no target."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Below `parent_id` (none: at the top), before its child `before_id`, else as its last."""

    parent_id: int | None
    before_id: int | None = None


@dataclass(frozen=True)
class Tree:
    """Who is below whom. `children` are in their order; its key None holds those at the top."""

    parents: Mapping[int, int | None]
    children: Mapping[int | None, tuple[int, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int | None]]) -> "Tree":
        """From (number, parent) in the order in which brothers stand."""
        parents: dict[int, int | None] = dict(rows)
        children: dict[int | None, list[int]] = {}
        for pk, parent in parents.items():
            children.setdefault(parent, []).append(pk)
        return cls(parents, {parent: tuple(found) for parent, found in children.items()})

    def beside(self, pk: int) -> tuple[int, ...]:
        """Everything with the same parent, itself included."""
        return self.children.get(self.parents[pk], ())

    def below(self, pk: int) -> list[int]:
        """Everything below, parents before children."""
        found = dict.fromkeys(self.children.get(pk, ()))
        waiting = list(found)
        for each in waiting:
            fresh = [child for child in self.children.get(each, ()) if child not in found]
            found.update(dict.fromkeys(fresh))
            waiting += fresh
        return waiting

    def above(self, pk: int) -> list[int]:
        """Those above, from the top."""
        path: list[int] = []
        parent = self.parents.get(pk)
        while parent is not None and parent not in path:
            path.append(parent)
            parent = self.parents.get(parent)
        return path[::-1]

    def neighbours(self, pk: int) -> tuple[int | None, int | None]:
        """What stands right before it and right behind it."""
        row = self.beside(pk)
        at = row.index(pk)
        return (row[at - 1] if at else None), (row[at + 1] if at + 1 < len(row) else None)

    def stamp(self, pk: int) -> str:
        """Sixteen letters for where it stands: others once somebody moved it or what stands beside it."""
        told = (pk, self.parents[pk], *self.neighbours(pk))
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def after(self, pk: int, step: Step) -> Place | None:
        """Where a step leads; None where it cannot be made."""
        parent = self.parents[pk]
        before, behind = self.neighbours(pk)
        if step is Step.UP and before is not None:
            return Place(parent_id=parent, before_id=before)
        if step is Step.DOWN and behind is not None:
            return Place(parent_id=parent, before_id=self.neighbours(behind)[1])
        if step is Step.IN and before is not None:
            return Place(parent_id=before)
        if step is Step.OUT and parent is not None:
            return Place(parent_id=self.parents[parent], before_id=self.neighbours(parent)[1])
        return None

    def order_at(self, pk: int, place: Place) -> list[int]:
        """The children of the new parent, in order, once it stands there. `before_id` must be one of them or None."""
        row = [each for each in self.children.get(place.parent_id, ()) if each != pk]
        row.insert(row.index(place.before_id) if place.before_id is not None else len(row), pk)
        return row
