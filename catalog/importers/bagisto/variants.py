"""Variants of a product, their quantity prices, and sets with their pieces."""

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.drafts import VariantDraft
from catalog.importers import cells as reading
from catalog.importers.drafts import ImportedPrice, ImportedPriceList, ImportedVariant
from catalog.importers.foreign.assembly import is_address
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.measures import home_length, home_weight
from catalog.importers.foreign.packed import packed_rows, pairs
from catalog.importers.foreign.pricing import special_prices
from catalog.importers.formats import Setting
from core.money import Money, round_half_up

EVERYBODY = {"all", "guest", "general"}
HUNDRED = Decimal(100)


def read_variant(
    cells: Cells, values: dict[str, str], position: int, setting: Setting, lists: list[ImportedPriceList]
) -> ImportedVariant:
    """The variant of a row; price lists its prices need are added to `lists`."""
    prices = special_prices(cells, setting, lists, is_needed=cells.text("type") != "bundle")
    images = [url.strip() for url in cells.text("images").split(",") if is_address(url.strip())]
    length = home_length(setting.currency)
    return ImportedVariant(
        line=cells.row.line,
        values=values,
        price=prices.price,
        compare_at=prices.compare_at,
        prices=(*prices.others, *_tiers(cells, prices.compare_at or prices.price, setting)),
        quantity=_stock(cells),
        picture_url=images[0] if values and images else "",
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            position=position,
            weight_g=cells.grams("weight", home_weight(setting.currency)),
            length_mm=cells.millimetres("length", length),
            width_mm=cells.millimetres("width", length),
            height_mm=cells.millimetres("height", length),
        ),
    )


def _stock(cells: Cells) -> int | None:
    """`default=100,outlet=5`: the sum, as the opening stock."""
    told = pairs(cells.text("stock"))
    if not told:
        return None
    counts = []
    for place, text in told.items():
        try:
            counts.append(reading.quantity(text) or 0)
        except ValueError as wrong:
            cells.wrong("stock", f"{place}: {wrong}")
    return sum(counts)


def _tiers(cells: Cells, price: Money | None, setting: Setting) -> list[ImportedPrice]:
    """`group=all,qty=3,type=fixed,price=12`: from three pieces on, twelve each; a discount is in percent."""
    found = []
    for each in packed_rows(cells.text("group_prices")):
        if each.get("group") not in EVERYBODY:
            cells.note("group_prices", _("Prices for one group of customers are not brought over."))
            continue
        amount = _tier(cells, each, price, setting)
        pieces = reading.number(each.get("qty", ""))
        if amount is not None and pieces is not None and pieces >= 2 and pieces == int(pieces):
            found.append(ImportedPrice(amount=amount, min_qty=int(pieces), column="customer_group_prices"))
    return found


def _tier(cells: Cells, each: dict[str, str], price: Money | None, setting: Setting) -> Money | None:
    if each.get("type") == "fixed":
        try:
            return reading.price(setting.currency)(each.get("price", ""))
        except ValueError as wrong:
            cells.wrong("group_prices", str(wrong))
            return None
    percent = reading.number(each.get("price", ""))
    if price is None or percent is None or not 0 < percent < HUNDRED:
        cells.wrong("group_prices", _("“%(text)s” is not a discount in percent.") % {"text": each.get("price", "")})
        return None
    return round_half_up(price.amount * (HUNDRED - percent) / HUNDRED, setting.currency)
