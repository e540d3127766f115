"""What belongs into a parcel, piece by piece: lines, and components of sets. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from catalog.models import Variant
from catalog.selling import spoken
from inventory.models import StockItem
from orders.floor.codes import is_same
from orders.models import Fulfillment, FulfillmentLine, OrderLine, OrderLinePart, PickTask


@dataclass(frozen=True, kw_only=True)
class Goods:
    """Pieces of one thing in a parcel. `ref` is how stock knows them; `per_unit` pieces make one unit of the line."""

    ref: str
    line_id: int
    variant_id: int | None
    sku: str
    gtin: str
    name: str
    options_text: str
    pieces: int
    per_unit: int
    weight_g: int

    def units_for(self, missing: int) -> int:
        """How many units of the line cannot leave when so many pieces are missing: a set leaves whole."""
        return -(-missing // self.per_unit)


def goods_in(parcels: Iterable[Fulfillment]) -> Mapping[int, tuple[Goods, ...]]:
    """By parcel, everything that has to be taken from a shelf, in the order of the lines. Two queries."""
    rows = FulfillmentLine.objects.filter(fulfillment__in=list(parcels), order_line__requires_shipping=True)
    rows = rows.select_related("order_line__variant__product").prefetch_related("order_line__parts__variant__product")
    found: dict[int, list[Goods]] = {}
    for row in rows.order_by("fulfillment_id", "order_line__position"):
        found.setdefault(row.fulfillment_id, []).extend(_of_line(row.order_line, row.quantity))
    return {key: tuple(goods) for key, goods in found.items()}


def goods_of(parcel: Fulfillment) -> tuple[Goods, ...]:
    """The same for one parcel."""
    return goods_in([parcel]).get(parcel.pk, ())


def shelves_of(warehouse_code: str, variants: Iterable[int | None]) -> Mapping[int, str]:
    """Where each variant lies in a warehouse. One query."""
    wanted = {one for one in variants if one is not None}
    rows = StockItem.objects.filter(warehouse__code=warehouse_code, variant_id__in=wanted)
    return dict(rows.values_list("variant_id", "shelf"))


def name_of_code(code: str) -> str:
    """What the catalogue calls the goods with this code; empty for none. Two queries at most."""
    found = Variant.objects.select_related("product")
    row = found.filter(sku__iexact=code).first()
    if row is None and code.isdigit():
        short = code.lstrip("0")
        row = found.filter(gtin__in=sorted({short.zfill(length) for length in (8, 12, 13, 14)})).first()
    return str(row) if row is not None else ""


def with_code(goods: Iterable[Goods], code: str) -> tuple[Goods, ...]:
    """Those a code names: more than one when the same thing is on two lines, or in a set and beside it."""
    return tuple(one for one in goods if is_same(code, sku=one.sku, gtin=one.gtin))


def _of_line(line: OrderLine, units: int) -> list[Goods]:
    parts = [part for part in line.parts.all() if part.requires_shipping]
    if parts:
        return [_goods(part, line, units * part.per_set, part.per_set) for part in parts]
    return [_goods(line, line, units, 1)]


def named(row: OrderLine | OrderLinePart | PickTask) -> tuple[str, str]:
    """Name and options in the reader's language while the shop has the goods, otherwise as they were sold."""
    if row.variant is None:
        return row.name, row.options_text
    name, options = spoken(row.variant, get_language() or "en")
    return name or row.name, options or row.options_text


def _goods(row: OrderLine | OrderLinePart, line: OrderLine, pieces: int, per_unit: int) -> Goods:
    name, options_text = named(row)
    return Goods(
        ref=row.ref,
        line_id=line.pk,
        variant_id=row.variant_id,
        sku=row.sku,
        gtin=row.variant.gtin if row.variant is not None else "",
        name=name,
        options_text=options_text,
        pieces=pieces,
        per_unit=per_unit,
        weight_g=row.weight_g or (row.variant.weight_g or 0 if row.variant is not None else 0),
    )
