"""One product with its variants. Numbers of categories, options and properties have no words in the file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import ImportedDetail, ImportedPrice, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import (
    category,
    code_of,
    detail,
)
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.texts import texts_of, words
from catalog.importers.formats import Row, Setting
from core.money import Money

NUMBER = re.compile(r"[0-9a-f]{32}")
TEXTS = ("name", "description", "meta_title", "meta_description")
NET = "net"


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file. `entries` says per market whether prices are kept with or without tax."""

    setting: Setting
    currencies: Currencies
    entries: Mapping[str, str]

    def product(self, rows: Sequence[Row]) -> ImportedProduct:
        """Raises `RowsRefused` naming every cell that keeps the product out."""
        first = next((row for row in rows if not row.get("parent")), None)
        if first is None:
            told = _("The product this variation belongs to is not in the file.")
            raise RowsRefused(*(row.wrong("parent", told) for row in rows))
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        if not cells.text("name"):
            cells.wrong("name", _("The product has no name."))
        pieces = [row for row in rows if row is not first]
        variants = [self._variant(cells, row, _options(cells, row), place) for place, row in enumerate(pieces)]
        variants = variants or [self._variant(cells, first, {}, 0)]
        pictures = cells.pictures("image", [cells.text("image"), *cells.text("more_images").split("|")])
        status = "active" if cells.flag("active", default=True) else "draft"
        draft = self._draft(cells)
        named = [path for path in cells.text("categories").split("|") if not NUMBER.fullmatch(path.strip())]
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            vendor=cells.text("brand"),
            variants=tuple(variants),
            pictures=pictures,
            details=tuple(_details(cells)),
            status=status,
            is_shipped=True,
        )
        return finished(cells, product, (category(path, ">") for path in named))

    def _variant(self, product: Cells, row: Row, values: dict[str, str], place: int) -> ImportedVariant:
        cells = Cells(row, product.problems, product.notes)
        price = self._price(cells, "price", self.setting.currency, self.setting.market)
        if price is None:
            price = self._price(product, "price", self.setting.currency, self.setting.market)
        if price is None and not cells.problems:
            cells.wrong("price_gross", _("The price is missing."))
        limit = cells.quantity("max_purchase")
        return ImportedVariant(
            line=row.line,
            values=values,
            price=price,
            compare_at=self._price(cells, "list_price", self.setting.currency, self.setting.market),
            prices=self._elsewhere(cells),
            quantity=cells.quantity("stock"),
            draft=VariantDraft(
                sku=cells.text("sku")[:80],
                gtin=cells.gtin("ean"),
                position=place,
                weight_g=cells.grams("weight", "kg") or product.grams("weight", "kg"),
                length_mm=cells.millimetres("length", "mm") or product.millimetres("length", "mm"),
                width_mm=cells.millimetres("width", "mm") or product.millimetres("width", "mm"),
                height_mm=cells.millimetres("height", "mm") or product.millimetres("height", "mm"),
                max_cart_qty=limit or None,
            ),
        )

    def _price(self, cells: Cells, field: str, currency: str, market: str) -> Money | None:
        """With or without tax, as the market keeps its prices. The plain columns are in the other shop's currency."""
        kind = "net" if self.entries.get(market) == NET else "gross"
        code = f"{field}_{kind}:{currency}"
        if code not in cells.row.titles:
            code = f"{field}_{kind}"
        return cells.rounded_price(code, currency) if cells.text(code) else None

    def _elsewhere(self, cells: Cells) -> tuple[ImportedPrice, ...]:
        found = []
        told = {code.partition(":")[2] for code in cells.row.values if ":" in code and cells.text(code)}
        for currency in sorted(told - {self.setting.currency}):
            for market in self.currencies.markets.get(currency, ()):
                amount = self._price(cells, "price", currency, market)
                if amount is not None:
                    found.append(ImportedPrice(amount=amount, market=market))
        return tuple(found)

    def _draft(self, cells: Cells) -> ProductDraft:
        return ProductDraft(
            code=code_of(cells.text("sku") or cells.text("id"), cells.row, "sku"),
            product_type="physical",
            texts=texts_of({field: words(self.setting.language, cells.text(field)) for field in TEXTS}),
        )


def _options(product: Cells, row: Row) -> dict[str, str]:
    """`Colour: red|Size: M`; where only numbers are given, the variant's own name or SKU tells it from the others."""
    told = [part.partition(":") for part in row.get("options").split("|") if ":" in part]
    if told:
        return {name.strip()[:80]: value.strip()[:80] for name, _colon, value in told}
    if row.get("options"):
        product.notes.append(
            row.wrong(
                "options", _("The options have no names in the file; the variant's name stands for them."), is_note=True
            )
        )
    return {_("Version"): (row.get("name") or row.get("sku"))[:80]}


def _details(cells: Cells) -> list[ImportedDetail]:
    found: dict[str, list[str]] = {}
    for part in cells.text("properties").split("|"):
        name, colon, value = part.partition(":")
        if colon and value.strip():
            found.setdefault(name.strip(), []).append(value.strip())
    return [detail(name, values) for name, values in found.items()]
