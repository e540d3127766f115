"""The rows of one handle become a product."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.cells import content, number
from catalog.importers.drafts import ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import category, code_of
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.measures import home_weight
from catalog.importers.foreign.pricing import Prices, priced
from catalog.importers.foreign.texts import texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.wix.columns import MOST
from core.money import Money, round_half_up

PRODUCT, VARIANT, MEDIA = "product", "variant", "media"
COLOUR = re.compile(r"(#[0-9a-fA-F]{6}):(.+)")
UNCOUNTED, NONE_LEFT = {"in_stock", "instock"}, {"out_of_stock", "outofstock"}
PERCENT, AMOUNT = "percent", "amount"
HUNDRED = Decimal(100)


def read_product(rows: Sequence[Row], setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every cell that keeps the product out."""
    first = next((row for row in rows if row.get("row").lower() == PRODUCT), None)
    if first is None:
        raise RowsRefused(rows[0].wrong("row", _("The handle has no product row.")))
    problems: list[RowProblem] = []
    cells = Cells(first, problems)
    if not cells.text("name"):
        cells.wrong("name", _("The product has no name."))
    pieces = [row for row in rows if row.get("row").lower() == VARIANT]
    variants = [_variant(cells, row, _values(row), place, setting) for place, row in enumerate(pieces)]
    variants = variants or [_variant(cells, first, {}, 0, setting)]
    if any(code.startswith("modifier") and cells.text(code) for code in first.values):
        cells.note_row(_("What the shopper could write or choose besides (modifiers) is not brought over."))
    pictures = [part for row in rows if row.get("row").lower() in (PRODUCT, MEDIA) for part in _split(row.get("media"))]
    taken = cells.pictures("media", pictures)
    status = "active" if cells.flag("visible", default=True) else "draft"
    draft = ProductDraft(
        code=code_of(cells.text("handle"), first, "handle"),
        product_type="physical",
        texts=texts_of({field: words(setting.language, cells.text(field)) for field in ("name", "description")}),
    )
    product = ImportedProduct(
        line=first.line,
        draft=draft,
        vendor=cells.text("brand"),
        variants=tuple(variants),
        pictures=taken,
        status=status,
        is_shipped=True,
    )
    return finished(cells, product, (category(name, ">") for name in _split(cells.text("collection"))), _colours(first))


def _variant(product: Cells, row: Row, values: dict[str, str], place: int, setting: Setting) -> ImportedVariant:
    cells = Cells(row, product.problems, product.notes)
    prices = _prices(product, cells, setting)
    if prices.price is None and not cells.problems:
        cells.wrong("price", _("The price is missing."))
    net_content = content(cells.text("content"), cells.text("content_unit"))
    weighed = cells if cells.text("weight") else product
    return ImportedVariant(
        line=row.line,
        values=values,
        price=prices.price,
        compare_at=prices.compare_at,
        quantity=_quantity(cells),
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            gtin=cells.gtin("barcode"),
            position=place,
            weight_g=weighed.grams("weight", home_weight(setting.currency)),
            content_amount=net_content[0] if net_content else None,
            content_unit=net_content[1] if net_content else "",
        ),
    )


def _prices(product: Cells, cells: Cells, setting: Setting) -> Prices:
    """A price with the one before it; in the older export a price, a surcharge of the variant and a discount."""
    currency = setting.currency
    price = cells.price("price", currency)
    if price is None:
        price = product.price("price", currency)
    surcharge = cells.price("surcharge", currency)
    if price is not None and surcharge:
        price = price + surcharge
    before = cells.price("compare_at", currency)
    if before is not None:
        return priced(max(before, price) if price is not None else before, price, setting)
    return priced(price, _discounted(product, price, currency), setting)


def _discounted(product: Cells, price: Money | None, currency: str) -> Money | None:
    value, mode = number(product.text("discount") or "0"), product.text("discount_mode").lower()
    if price is None or not value or value < 0:
        return None
    if mode == PERCENT and value < HUNDRED:
        return round_half_up(price.amount * (HUNDRED - value) / HUNDRED, currency)
    if mode == AMOUNT and value < price.amount:
        return round_half_up(price.amount - value, currency)
    return None


def _quantity(cells: Cells) -> int | None:
    word = cells.text("stock").lower()
    if word in UNCOUNTED:
        return None
    return 0 if word in NONE_LEFT else cells.quantity("stock")


def _values(row: Row) -> dict[str, str]:
    return {
        row.get(f"option{n}_name").strip()[:80]: COLOUR.sub(r"\2", row.get(f"option{n}_value")).strip()[:80]
        for n in range(1, MOST)
        if row.get(f"option{n}_name") and row.get(f"option{n}_value")
    }


def _colours(product: Row) -> dict[str, dict[str, str]]:
    """`#800080:purple;#FFFFFF:white` of the product row."""
    return {
        row_name[:80]: {found[2].strip()[:80]: found[1].lower() for part in parts if (found := COLOUR.fullmatch(part))}
        for n in range(1, MOST)
        if (row_name := product.get(f"option{n}_name").strip())
        for parts in [_split(product.get(f"option{n}_value"))]
    }


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
