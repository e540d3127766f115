"""From units of a format to pieces: read, held against the other pieces of the file, refused where they cannot be."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalog.importers.batches import Piece
from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowProblem, RowsRefused, problem
from catalog.importers.formats import Unit
from catalog.importers.reading.opening import Opened

MOST_PROBLEMS = 50
"""Of one product. A broken product with two thousand variants need not be told of two thousand times."""


class Understanding:
    """Reads the units of one file in order. Keeps a number for each code and SKU seen, nothing more."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._codes: dict[int, tuple[int, int]] = {}
        self._skus: dict[int, tuple[int, int]] = {}

    def pieces(self, units: Iterator[Unit]) -> Iterator[Piece]:
        """One per unit."""
        for number, unit in enumerate(units, start=1):
            yield self._piece(number, unit)

    def left_over(self) -> list[RowProblem]:
        """Broken rows that no product was made of."""
        return [self._opened.broken[line] for line in sorted(self._opened.broken)]

    def _piece(self, number: int, unit: Unit) -> Piece:
        broken = [self._opened.broken.pop(line) for line in unit.lines if line in self._opened.broken]
        if broken:
            return Piece(number, unit, problems=tuple(broken[:MOST_PROBLEMS]))
        try:
            imported = unit.read()
            self._refuse_repeated(number, imported)
        except RowsRefused as refusal:
            return Piece(number, unit, problems=refusal.problems[:MOST_PROBLEMS])
        return Piece(number, unit, imported)

    def _refuse_repeated(self, number: int, imported: ImportedProduct) -> None:
        """A product twice would overwrite itself, and a SKU in two products would go back and forth."""
        code = imported.draft.code
        owner, line = self._codes.setdefault(hash(code), (number, imported.line)) if code else (number, 0)
        if owner != number:
            sentence = _("The product stands on line %(line)d already. Give this one another code.") % {"line": line}
            raise RowsRefused(problem(imported.line, "", code, sentence))
        for variant in imported.variants:
            sku = variant.draft.sku
            owner, line = self._skus.setdefault(hash(sku), (number, variant.line)) if sku else (number, 0)
            if owner != number:
                sentence = _("The SKU stands on line %(line)d already, in another product.") % {"line": line}
                raise RowsRefused(problem(variant.line, "", sku, sentence))
