"""Variants of a product, and sets with their pieces."""

from dataclasses import replace

from django.utils.translation import gettext as _

from catalog.drafts import VariantDraft
from catalog.importers.drafts import ImportedPriceList, ImportedVariant
from catalog.importers.foreign.assembly import is_address, priced
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.measures import home_weight
from catalog.importers.foreign.packed import fixed_pieces, packed_rows
from catalog.importers.formats import Setting


def read_variant(
    cells: Cells, values: dict[str, str], position: int, setting: Setting, lists: list[ImportedPriceList]
) -> ImportedVariant:
    """The variant of a row; price lists its prices need are added to `lists`."""
    prices = priced(
        cells.price("price", setting.currency),
        cells.price("special_price", setting.currency),
        setting,
        cells.moment("special_from"),
        cells.moment("special_until", is_end=True),
    )
    if not cells.text("price") and cells.text("type") != "bundle":
        cells.wrong("price", _("The price is missing."))
    lists.extend(prices.lists)
    quantity = cells.quantity("stock")
    image = cells.text("base_image")
    return ImportedVariant(
        line=cells.row.line,
        values=values,
        price=prices.price,
        compare_at=prices.compare_at,
        prices=prices.others,
        quantity=0 if cells.text("in_stock") == "0" else quantity,
        picture_url=image if values and is_address(image) else "",
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            position=position,
            weight_g=cells.grams("weight", home_weight(setting.currency)),
            origin_country=cells.country("origin"),
        ),
    )


def read_set(cells: Cells, setting: Setting, lists: list[ImportedPriceList]) -> ImportedVariant:
    """The one variant of a set, with its pieces."""
    components = fixed_pieces(cells, "bundle", packed_rows(cells.text("bundle")))
    if not cells.text("price"):
        cells.note("price", _("The set has no price of its own; it comes in as a draft."))
    return replace(read_variant(cells, {}, 0, setting, lists), components=components, quantity=None)
