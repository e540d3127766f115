"""Stock a file tells: announced, because inventory stands above the catalogue."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalog.events import OpeningStockTold, StockTold
from catalog.importers.apply.targets import Target
from catalog.importers.drafts import ImportedVariant
from catalog.importers.errors import RowsRefused, problem
from catalog.importers.outcomes import FieldChange
from catalog.models import Variant
from core.errors import DomainError
from core.events import publish

REASON = "import"


def bring_stock(
    target: Target, told: Sequence[tuple[Variant, ImportedVariant]], *, new: frozenset[int]
) -> list[FieldChange]:
    """Set what the file counts; the opening stock counts for new variants only. Raises `RowsRefused`."""
    opening = opening_stock([(variant, each) for variant, each in told if variant.pk in new])
    if opening:
        publish(OpeningStockTold(pieces=opening))
    counted = [(variant, each) for variant, each in told if each.stock]
    if not counted:
        return []
    _refuse_unknown_places(target, counted)
    now = target.stock.on_hand([variant.pk for variant, _each in counted])
    changes, counts = [], []
    for variant, each in counted:
        for code, pieces in each.stock.items():
            before = now.get(variant.pk, {}).get(code)
            if before == pieces or (before is None and pieces == 0):
                continue
            counts.append((variant.pk, code, pieces))
            old = "" if before is None else str(before)
            changes.append(FieldChange(field="stock", key=code, sku=variant.sku, old=old, new=str(pieces)))
    if counts:
        _announce(counts, counted[0][1])
    return changes


def opening_stock(told: Sequence[tuple[Variant, ImportedVariant]]) -> tuple[tuple[int, int], ...]:
    """How many pieces the file says there are of new variants it does not count by warehouse."""
    return tuple((variant.pk, each.quantity) for variant, each in told if each.quantity and not each.stock)


def _announce(counts: list[tuple[int, str, int]], first: ImportedVariant) -> None:
    try:
        publish(StockTold(counts=tuple(counts), reason=REASON))
    except DomainError as refusal:
        raise RowsRefused(problem(first.line, "stock", "", str(refusal))) from None


def _refuse_unknown_places(target: Target, counted: Sequence[tuple[Variant, ImportedVariant]]) -> None:
    codes = target.memory("warehouses").get("codes", lambda: frozenset(target.stock.warehouse_codes()))
    for _variant, each in counted:
        for code, pieces in each.stock.items():
            if code not in codes:
                sentence = _("There is no warehouse “%(code)s”.") % {"code": code}
                raise RowsRefused(problem(each.line, f"stock[{code}]", str(pieces), sentence))
            if pieces < 0:
                raise RowsRefused(problem(each.line, f"stock[{code}]", str(pieces), _("A stock cannot be below zero.")))
