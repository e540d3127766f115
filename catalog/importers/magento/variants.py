"""Variants of a product, and sets with their pieces."""

from catalog.drafts import VariantDraft
from catalog.importers.drafts import ImportedPriceList, ImportedVariant
from catalog.importers.foreign.assembly import is_address
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.measures import home_weight
from catalog.importers.foreign.pricing import special_prices
from catalog.importers.formats import Setting


def read_variant(
    cells: Cells, values: dict[str, str], position: int, setting: Setting, lists: list[ImportedPriceList]
) -> ImportedVariant:
    """The variant of a row; price lists its prices need are added to `lists`."""
    prices = special_prices(cells, setting, lists, is_needed=cells.text("type") != "bundle")
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
