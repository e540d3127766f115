"""The variants of a product. "Any size" of a variation means one variant for each size the product has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.drafts import VariantDraft
from catalog.importers.drafts import ImportedPriceList, ImportedVariant
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import is_address
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.pricing import special_prices
from catalog.importers.formats import Row, Setting
from catalog.importers.woocommerce.rows import attributes_of
from catalog.slugs import slug_of

SHARED_STOCK = "parent"


@dataclass(frozen=True)
class FoundVariant:
    """A variant and the price lists its prices need."""

    variant: ImportedVariant
    lists: tuple[ImportedPriceList, ...]


def read_variants(
    first: Row,
    variations: Sequence[Row],
    attributes: Mapping[str, list[str]],
    setting: Setting,
    problems: list[RowProblem],
    notes: list[RowProblem],
) -> list[FoundVariant]:
    """One per variation, or the product's only one. Problems are added to `problems`."""
    if not variations:
        cells = Cells(first, problems, notes)
        if "variable" in first.get("type").lower():
            cells.wrong("type", _("The product has no variations in the file."))
            return []
        return [_read(cells, cells, {}, setting)]
    parent = Cells(first, problems, notes)
    found: list[FoundVariant] = []
    taken: set[tuple[str, ...]] = set()
    for row in sorted(variations, key=lambda row: (_position(row), row.line)):
        cells = Cells(row, problems, notes)
        found += _spread(_read(cells, parent, _values(row, variations), setting), attributes, cells, taken)
    return found


def _values(row: Row, variations: Sequence[Row]) -> dict[str, str]:
    """The option values of a variation; an attribute it names without a value is any of them."""
    names = dict.fromkeys(name for other in variations for name in attributes_of(other))
    own = attributes_of(row)
    return {name: (own.get(name) or [""])[0] for name in names}


def _spread(
    found: FoundVariant, attributes: Mapping[str, list[str]], cells: Cells, taken: set[tuple[str, ...]]
) -> list[FoundVariant]:
    variant = found.variant
    open_names = [name for name, value in variant.values.items() if not value and attributes.get(name)]
    if not open_names:
        taken.add(tuple(variant.values.values()))
        return [found]
    spread = []
    for chosen in product(*(attributes[name] for name in open_names)):
        values = variant.values | dict(zip(open_names, chosen, strict=True))
        if tuple(values.values()) not in taken:
            sku = "-".join([variant.draft.sku, *map(slug_of, chosen)])[:80] if variant.draft.sku else ""
            # Its stock and barcode are one for all of them: neither can be given to each.
            draft = replace(variant.draft, sku=sku, gtin="")
            spread.append(replace(found, variant=replace(variant, values=values, draft=draft, quantity=None)))
            taken.add(tuple(values.values()))
    told = ngettext(
        "The variation stands for any “%(names)s”; it became %(count)d variant without stock.",
        "The variation stands for any “%(names)s”; it became %(count)d variants without stock.",
        len(spread),
    )
    cells.note_row(told % {"names": ", ".join(open_names), "count": len(spread)})
    return spread


def _read(cells: Cells, parent: Cells, values: dict[str, str], setting: Setting) -> FoundVariant:
    lists: list[ImportedPriceList] = []
    prices = special_prices(cells, setting, lists)
    images = [url for url in cells.text("images").split(",") if is_address(url.strip())]
    variant = ImportedVariant(
        line=cells.row.line,
        values=values,
        price=prices.price,
        compare_at=prices.compare_at,
        prices=prices.others,
        quantity=_quantity(cells),
        picture_url=images[0].strip() if values and images else "",
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            gtin=cells.gtin("gtin"),
            position=_position(cells.row),
            weight_g=cells.grams("weight", "kg") or parent.grams("weight", "kg"),
            length_mm=cells.millimetres("length", "cm") or parent.millimetres("length", "cm"),
            width_mm=cells.millimetres("width", "cm") or parent.millimetres("width", "cm"),
            height_mm=cells.millimetres("height", "cm") or parent.millimetres("height", "cm"),
            hs_code=cells.hs_code("hs_code") or parent.hs_code("hs_code"),
            origin_country=cells.country("origin") or parent.country("origin"),
            max_cart_qty=1 if cells.flag("single", default=False) or parent.flag("single", default=False) else None,
        ),
    )
    return FoundVariant(variant, tuple(lists))


def _quantity(cells: Cells) -> int | None:
    if cells.text("stock").lower() == SHARED_STOCK:
        cells.note("stock", _("The variations share one stock; none was brought in."))
        return None
    quantity = cells.quantity("stock")
    if quantity is None and not cells.flag("in_stock", default=True):
        return 0
    return quantity


def _position(row: Row) -> int:
    return int(row.get("position")) if row.get("position").isdecimal() else 0
