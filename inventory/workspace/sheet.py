"""Stock as a sheet: rows are variants, columns are warehouses with what they have and what is set for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Category, Product, Variant
from catalog.workspace.screens import PER_PAGE, Links, links_of
from catalog.workspace.sheets import CELL, NOTHING, SheetCell, Typed, base_of, numbers_of, variants_for
from core.paging import EstimatingPaginator
from inventory.actions.sheet import ON_HAND, REORDER, SAFETY, SHELF, StockEdit, StockMoved, StockRefused, change_stock
from inventory.models import StockItem, Warehouse

MOST_WAREHOUSES = 4
MOST_PIECES = 1_000_000
MOST_SHELF = 30
FIELDS = (ON_HAND, SAFETY, REORDER, SHELF)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A variant in a warehouse: what it has, and the cells that can be changed."""

    promised: int | None
    held: int | None
    available: int | None
    on_hand: SheetCell
    safety: SheetCell
    reorder: SheetCell
    shelf: SheetCell

    @property
    def cells(self) -> tuple[SheetCell, ...]:
        """All that can be changed."""
        return self.on_hand, self.safety, self.reorder, self.shelf


@dataclass(frozen=True, kw_only=True)
class StockRow:
    """A variant."""

    sku: str
    name: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, kw_only=True)
class StockSheet:
    """One page of the sheet."""

    warehouses: tuple[Warehouse, ...]
    left_out: int
    every: tuple[Warehouse, ...]
    rows: tuple[StockRow, ...]
    base: str
    links: Links
    categories: tuple[tuple[str, str], ...]
    product: Product | None
    product_name: str
    chosen: Mapping[str, str]
    is_filtered: bool
    errors: int


def stock_sheet(params: QueryDict, typed: Typed = NOTHING) -> StockSheet:
    """The page its address asks for, with what was typed in it. Seven queries, whatever the size."""
    language = get_language() or "en"
    chosen = {name: str(value) for name, value in params.dict().items() if name != "page" and value}
    page = EstimatingPaginator(variants_for(chosen), PER_PAGE).get_page(params.get("page"))
    every = tuple(Warehouse.objects.filter(is_active=True).order_by("pk"))
    fitting = [place for place in every if chosen.get("warehouse", place.code) == place.code]
    places = tuple(fitting[:MOST_WAREHOUSES])
    variants = list(page.object_list)
    items = {
        (item.warehouse_id, item.variant_id): item
        for item in StockItem.objects.filter(variant__in=variants, warehouse__in=places)
    }
    rows = tuple(_rows(variants, places, items, typed, language))
    cells = [cell for row in rows for spot in row.spots for cell in spot.cells]
    product = Product.objects.filter(code=chosen["product"]).first() if "product" in chosen else None
    return StockSheet(
        warehouses=places,
        left_out=len(fitting) - len(places),
        every=every,
        rows=rows,
        base=base_of((cell.name, typed.base.get(cell.name, "") if typed.values else cell.value) for cell in cells),
        links=links_of(page, chosen),
        categories=tuple((row.code, row.text("name", language)) for row in Category.objects.order_by("name")),
        product=product,
        product_name=product.text("name", language) if product else "",
        chosen=chosen,
        is_filtered=bool(chosen.keys() - {"product"}),
        errors=sum(1 for cell in cells if cell.error or cell.now),
    )


def save_stock(typed: Typed, *, reason: str, op_key: str, may_correct: bool, may_set: bool) -> tuple[Typed, int]:
    """Write the changed cells, all or none. The typed sheet with what is wrong in it, and how many rows changed.

    Cells a person may not change are left alone. Raises `ReasonMissing`.
    """
    edits: list[StockEdit] = []
    errors: dict[str, str] = {}
    for name, place in _places(typed.changed, may_correct=may_correct, may_set=may_set).items():
        try:
            edits.append(_edit(place, typed.base.get(name, ""), typed.values[name]))
        except ValueError as problem:
            errors[name] = str(problem)
    if errors:
        return replace(typed, errors=errors), 0
    known = _known(edits)
    try:
        return typed, change_stock(edits=known, reason=reason, op_key=op_key) if known else 0
    except StockMoved as moved:
        said = {name_of(*place): "" if now is None else str(now) for place, now in moved.now.items()}
        told = {name: value or _("empty") for name, value in said.items()}
        return replace(typed, base={**typed.base, **said}, now=told), 0
    except StockRefused as refused:
        return replace(typed, errors={name_of(*place): why for place, why in refused.reasons.items()}), 0


def _places(names: Iterable[str], *, may_correct: bool, may_set: bool) -> dict[str, tuple[str, int, int]]:
    """Field, warehouse and variant of the cells this person may change."""
    found = {}
    for name in names:
        numbers = numbers_of(name, 3)
        if numbers is not None and 1 <= numbers[0] <= len(FIELDS):
            field = FIELDS[numbers[0] - 1]
            if may_correct if field == ON_HAND else may_set:
                found[name] = (field, numbers[1], numbers[2])
    return found


def _edit(place: tuple[str, int, int], seen: str, wanted: str) -> StockEdit:
    field, warehouse, variant = place
    if field == ON_HAND and not wanted:
        raise ValueError(_("Write 0 where nothing is left."))
    return StockEdit(
        field=field,
        warehouse_id=warehouse,
        variant_id=variant,
        seen=_value(field, seen),
        wanted=_value(field, wanted),
    )


def name_of(field: str, warehouse_id: int, variant_id: int) -> str:
    """The name of a cell: which field, warehouse, variant."""
    return f"{CELL}{FIELDS.index(field) + 1}-{warehouse_id}-{variant_id}"


def _known(edits: list[StockEdit]) -> list[StockEdit]:
    """Edits of warehouses and variants that exist; a form that names others was not ours."""
    places = set(Warehouse.objects.filter(is_active=True).values_list("pk", flat=True))
    variants = set(Variant.objects.filter(pk__in={e.variant_id for e in edits}).values_list("pk", flat=True))
    return [edit for edit in edits if edit.warehouse_id in places and edit.variant_id in variants]


def _value(field: str, text: str) -> Any:
    """What a cell says. An empty count is no row; an empty shelf is no shelf. Raises `ValueError` with a sentence."""
    if field == SHELF:
        if len(text) > MOST_SHELF:
            raise ValueError(_("A shelf has %(most)d characters at most.") % {"most": MOST_SHELF})
        return text
    if not text:
        return None if field in {ON_HAND, REORDER} else 0
    plain = text.replace("\u00a0", "").replace(" ", "")
    if not plain.isdecimal() or int(plain) > MOST_PIECES:
        raise ValueError(_("Write a whole number from 0 to %(most)d.") % {"most": MOST_PIECES})
    return int(plain)


def _rows(
    variants: list[Variant],
    places: tuple[Warehouse, ...],
    items: Mapping[tuple[int, int], StockItem],
    typed: Typed,
    language: str,
) -> Iterator[StockRow]:
    for variant in variants:
        yield StockRow(
            sku=variant.sku,
            name=variant.product.text("name", language),
            spots=tuple(_spot(variant, place, items.get((place.pk, variant.pk)), typed) for place in places),
        )


def _spot(variant: Variant, place: Warehouse, item: StockItem | None, typed: Typed) -> Spot:
    labels = {ON_HAND: _("On hand"), SAFETY: _("Safety stock"), REORDER: _("Reorder point"), SHELF: _("Shelf")}

    def cell(field: str) -> SheetCell:
        stored = getattr(item, field) if item is not None else None
        name = name_of(field, place.pk, variant.pk)
        shown = "" if stored is None or (field == SAFETY and not stored) else str(stored)
        return SheetCell(
            name=name,
            value=typed.values.get(name, shown),
            label=f"{labels[field]}, {place.name_i18n}, {variant.sku}",
            kind="shelf" if field == SHELF else "count",
            error=typed.errors.get(name, ""),
            now=typed.now.get(name, ""),
        )

    return Spot(
        promised=item.allocated if item else None,
        held=item.reserved if item else None,
        available=item.available if item else None,
        on_hand=cell(ON_HAND),
        safety=cell(SAFETY),
        reorder=cell(REORDER),
        shelf=cell(SHELF),
    )
