"""One row of `pms_product` becomes a product; its SKUs name their options in JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers import cells as reading
from catalog.importers.drafts import (
    ImportedCategory,
    ImportedDetail,
    ImportedPrice,
    ImportedPriceList,
    ImportedProduct,
    ImportedVariant,
)
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import detail, is_address, pictures_of
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.pricing import priced
from catalog.importers.foreign.texts import tags_of, texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.mall.tables import LADDER, SKU, VALUE, Tables
from core.money import Money, round_half_up

DELETED = PUBLISHED = "1"
REDUCED, LADDERED = "1", "3"
JUNK = {"string"}
TEXTS = (
    ("name", ("name",)),
    ("summary", ("sub_title",)),
    ("description", ("detail_mobile_html", "detail_html", "description")),
)


@dataclass(frozen=True)
class Reader:
    """Reads the products of one archive."""

    setting: Setting
    tables: Tables

    def product(self, row: Row) -> ImportedProduct:
        """Raises `RowsRefused` naming every cell that keeps the product out."""
        problems: list[RowProblem] = []
        cells = Cells(row, problems)
        if cells.text("delete_status") == DELETED:
            cells.wrong("delete_status", _("The product was deleted in the other shop."))
        if not cells.text("name"):
            cells.wrong("name", _("The product has no name."))
        lists: list[ImportedPriceList] = []
        variants = self._variants(cells, lists)
        path = self.tables.category(cells.text("product_category_id"), cells.text("product_category_name"))
        language = self.setting.language
        product = ImportedProduct(
            line=row.line,
            vendor=cells.text("brand_name"),
            variants=tuple(variants),
            price_lists=tuple(dict.fromkeys(lists)),
            pictures=pictures_of(
                row.line, filter(is_address, [cells.text("pic"), *cells.text("album_pics").split(",")])
            ),
            details=tuple(self._details(cells)),
            status="active" if cells.text("publish_status") == PUBLISHED else "draft",
            is_shipped=True,
            draft=ProductDraft(
                code=f"mall-{cells.text('id')}",
                product_type="physical",
                model_code=cells.text("product_sn")[:80],
                tags=tags_of(_sense(cells.text("keywords")).replace("，", ",")),
                texts=texts_of(
                    {
                        field: words(language, next(filter(None, (_sense(cells.text(each)) for each in columns)), ""))
                        for field, columns in TEXTS
                    }
                ),
            ),
        )
        return finished(cells, product, [ImportedCategory(steps=path, create=True) if path else None])

    def _variants(self, product: Cells, lists: list[ImportedPriceList]) -> list[ImportedVariant]:
        rows = self.tables.of_product(SKU, product.text("id"))
        if not rows:
            return [self._variant(product, product, {}, 0, lists)]
        variants = []
        for place, row in enumerate(rows):
            cells = Cells(row, product.problems, product.notes)
            variants.append(self._variant(product, cells, _options(cells), place, lists))
        return variants

    def _variant(
        self, product: Cells, cells: Cells, values: dict[str, str], place: int, lists: list[ImportedPriceList]
    ) -> ImportedVariant:
        price = cells.price("price", self.setting.currency)
        if not price:
            cells.wrong("price", _("The price is missing."))
        reduced = begins = ends = None
        if product.text("promotion_type") == REDUCED:
            reduced = cells.price("promotion_price", self.setting.currency) or None
            begins, ends = product.moment("promotion_start_time"), product.moment("promotion_end_time")
        prices = priced(price, reduced, self.setting, begins, ends)
        lists.extend(prices.lists)
        image = cells.text("pic")
        return ImportedVariant(
            line=cells.row.line if cells is not product else product.row.line,
            values=values,
            price=prices.price,
            compare_at=prices.compare_at,
            prices=(*prices.others, *self._ladder(product, price)),
            quantity=cells.quantity("stock"),
            picture_url=image if values and is_address(image) else "",
            draft=VariantDraft(
                sku=cells.text("sku_code")[:80],
                position=place,
                weight_g=product.grams("weight", "g"),
            ),
        )

    def _ladder(self, product: Cells, price: Money | None) -> list[ImportedPrice]:
        """From `count` pieces on the price times `discount`: 0.80 leaves four fifths. Only while it is switched on."""
        if price is None or product.text("promotion_type") != LADDERED:
            return []
        found = []
        for row in self.tables.of_product(LADDER, product.text("id")):
            cells = Cells(row, product.problems, product.notes)
            count, share = cells.quantity("count") or 0, reading.number(cells.text("discount")) or Decimal(0)
            if count < 2 or not 0 < share < 1:
                continue
            amount = round_half_up(price.amount * share, self.setting.currency)
            found.append(ImportedPrice(amount=amount, min_qty=count, column=LADDER))
        return found

    def _details(self, product: Cells) -> list[ImportedDetail]:
        found: dict[str, list[str]] = {}
        for row in self.tables.of_product(VALUE, product.text("id")):
            name = self.tables.parameters.get(row.get("product_attribute_id"))
            values = [part.strip() for part in _sense(row.get("value")).split(",") if part.strip()]
            if name and values:
                found.setdefault(name, []).extend(values)
        return [detail(name, values) for name, values in found.items()]


def _options(cells: Cells) -> dict[str, str]:
    """`[{"key": "颜色", "value": "黑色"}]`."""
    try:
        told: Sequence[dict[str, str]] = json.loads(cells.text("sp_data") or "[]")
        return {str(each["key"])[:80]: str(each["value"]).strip()[:80] for each in told}
    except (ValueError, KeyError, TypeError):
        cells.wrong("sp_data", _("The options of the SKU cannot be read."))
        return {}


def _sense(text: str) -> str:
    """The text, unless it is what a tool fills in where nobody wrote anything."""
    return "" if text.strip().lower() in JUNK else text
