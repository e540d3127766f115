"""Products brought in a few at a time: one short transaction for a batch, a savepoint for each of its products.

Short, because what a transaction locks others wait for; several, because a transaction for each costs as much again.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from catalog.importers.apply import apply_product
from catalog.importers.apply.categories import categories_of, hold_tree_for
from catalog.importers.apply.presales import hold_presales_for
from catalog.importers.apply.targets import Target
from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.formats import Unit
from catalog.importers.outcomes import Applied, FieldChange, Outcome
from core.errors import DomainError
from core.retries import TRIES, is_contention

logger = logging.getLogger(__name__)
SECONDS = 1.0
SMALLEST, FIRST, LARGEST = 1, 20, 200
REFUSALS = (DomainError, IntegrityError, DataError)


@dataclass(frozen=True)
class Piece:
    """One product's part of the file, in its place: understood, or refused already."""

    number: int
    unit: Unit
    imported: ImportedProduct | None = None
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True)
class Told:
    """What became of a piece."""

    piece: Piece
    outcome: Outcome
    problems: tuple[RowProblem, ...] = ()
    changes: Sequence[FieldChange] = ()


class Record(Protocol):
    """Where it is written down what became of a batch."""

    def write(self, told: list[Told]) -> None:
        """In the transaction of the batch; may be called again when that was taken back."""

    def settle(self) -> None:
        """The transaction of what was written last is there to stay."""


class _Undo(Exception):
    """Takes back what was only tried out."""


class Pace:
    """How many pieces a batch has, so that it takes about `SECONDS`."""

    def __init__(self) -> None:
        self.size = FIRST

    def took(self, seconds: float) -> None:
        """Learn from the last batch."""
        wanted = self.size * SECONDS / max(seconds, 0.001)
        self.size = round(min(max(wanted, SMALLEST, self.size / 4), LARGEST, self.size * 2))


def in_batches(pieces: Iterator[Piece], pace: Pace) -> Iterator[list[Piece]]:
    """The pieces a few at a time, as many as the pace says when each batch begins."""
    batch: list[Piece] = []
    for piece in pieces:
        batch.append(piece)
        if len(batch) >= pace.size:
            yield batch
            batch = []
    if batch:
        yield batch


def bring_in(batch: Sequence[Piece], target: Target, *, is_dry_run: bool, record: Record) -> list[Told]:
    """Apply a batch and write down what became of it, both in one transaction or neither.

    Tried again when others wanted the same rows; when the batch as a whole is refused, product by product.
    """
    try:
        return _again_when_contended(lambda: _together(batch, target, is_dry_run=is_dry_run, record=record), target)
    except REFUSALS as refusal:
        target.forget_undone()
        if len(batch) == 1:
            return _refused_alone(batch[0], refusal, record)
        logger.info("a batch was refused as a whole and is brought in one by one: %s", refusal)
    return [
        told
        for piece in batch
        for told in bring_in([piece], target, is_dry_run=is_dry_run, record=record)
    ]  # fmt: skip


def _together(batch: Sequence[Piece], target: Target, *, is_dry_run: bool, record: Record) -> list[Told]:
    if is_dry_run:
        told = _tried_out(batch, target)
        with transaction.atomic():
            record.write(told)
    else:
        with transaction.atomic():
            told = _all_applied(batch, target)
            record.write(told)
        target.settle()
    record.settle()
    return told


def _tried_out(batch: Sequence[Piece], target: Target) -> list[Told]:
    """Do it and take it back."""
    told: list[Told] = []
    try:
        with transaction.atomic():
            told = _all_applied(batch, target)
            raise _Undo
    except _Undo:
        target.forget_undone()
    return told


def _all_applied(batch: Sequence[Piece], target: Target) -> list[Told]:
    wanted = [piece.imported for piece in batch if piece.imported is not None]
    hold_presales_for(wanted)
    hold_tree_for(target, (each for imported in wanted for each in categories_of(imported)))
    with target.batch():
        return [_applied(piece, target) for piece in batch]


def _again_when_contended(act: Callable[[], list[Told]], target: Target) -> list[Told]:
    for attempt in range(TRIES):
        try:
            return act()
        except OperationalError as error:
            target.forget_undone()
            if not is_contention(error) or attempt + 1 == TRIES:
                raise
            time.sleep(random.uniform(0.1, 0.5) * (attempt + 1))  # noqa: S311 (spreads tries, guards nothing)
    raise AssertionError("unreachable")


def _applied(piece: Piece, target: Target) -> Told:
    if piece.imported is None:
        return Told(piece, Outcome.REFUSED, piece.problems)
    try:
        applied = apply_product(piece.imported, target)
    except RowsRefused as refusal:
        target.forget_undone()
        return Told(piece, Outcome.REFUSED, refusal.problems)
    except REFUSALS as refusal:
        target.forget_undone()
        return Told(piece, Outcome.REFUSED, (_unexpected(piece, refusal),))
    return _told(piece, piece.imported, applied)


def _told(piece: Piece, imported: ImportedProduct, applied: Applied) -> Told:
    return Told(piece, applied.outcome, (*imported.notes, *applied.notes), applied.changes)


def _refused_alone(piece: Piece, refusal: DomainError | IntegrityError | DataError, record: Record) -> list[Told]:
    told = [Told(piece, Outcome.REFUSED, (_unexpected(piece, refusal),))]
    with transaction.atomic():
        record.write(told)
    record.settle()
    return told


def _unexpected(piece: Piece, refusal: Exception) -> RowProblem:
    """A rule of the catalogue, or of the database, that the format did not foresee."""
    if isinstance(refusal, DomainError):
        sentence = str(refusal)
    else:
        logger.warning("the database refused product %s of line %s", piece.unit.key, piece.unit.lines, exc_info=refusal)
        sentence = _("The database refused the product: a value is too long, too large or stands elsewhere already.")
    return problem(piece.unit.lines[0], "", piece.unit.key, sentence)
