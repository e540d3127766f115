"""The rows of one slug become a product: one describes it, the others are its variants, once for each currency."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import (
    ImportedAttribute,
    ImportedDetail,
    ImportedPicture,
    ImportedPrice,
    ImportedProduct,
    ImportedVariant,
)
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import category, code_of
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.packed import named
from catalog.importers.foreign.texts import tags_of, texts_of
from catalog.importers.formats import Row, Setting
from catalog.importers.spree.columns import DETAIL, MOST
from core.money import Money

TEXTS = ("name", "description", "meta_title", "meta_description")
STATUSES = {"": "", "active": "active", "draft": "draft", "archived": "archived", "paused": "draft"}


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file."""

    setting: Setting
    currencies: Currencies
    languages: Languages

    def product(self, rows: Sequence[Row], translations: Sequence[Row]) -> ImportedProduct:
        """Raises `RowsRefused` naming every cell that keeps the product out."""
        first = next((row for row in rows if row.get("name")), rows[0])
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        if not cells.text("name"):
            cells.wrong("name", _("The product has no name."))
        variants = self._variants(cells, rows)
        status = STATUSES.get(cells.text("status").lower())
        if status is None:
            told = _("The status “%(word)s” is not known. Use active, draft or archived.")
            cells.wrong("status", told % {"word": cells.text("status")})
        draft = self._draft(cells, translations)
        pictures = self._pictures(cells)
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            vendor=cells.text("vendor"),
            variants=tuple(variants),
            pictures=pictures,
            details=tuple(self._details(cells)),
            status=status or "",
            is_shipped=not cells.flag("is_digital", default=False),
        )
        return finished(cells, product, (category(cells.text(f"category{n}"), "->") for n in range(1, MOST)))

    def _variants(self, cells: Cells, rows: Sequence[Row]) -> list[ImportedVariant]:
        by_sku: dict[str, list[Row]] = {}
        for row in rows:
            by_sku.setdefault(row.get("sku") or f"line:{row.line}", []).append(row)
        if any(_values(row) for row in rows):
            by_sku = {sku: own for sku, own in by_sku.items() if any(_values(row) for row in own)}
        variants = [self._variant(cells, own, place) for place, own in enumerate(by_sku.values())]
        if not cells.problems and not any(variant.price or variant.prices for variant in variants):
            cells.wrong("price", _("The price is missing."))
        return variants

    def _variant(self, product: Cells, rows: Sequence[Row], position: int) -> ImportedVariant:
        first = next((row for row in rows if _values(row)), rows[0])
        cells = Cells(first, product.problems, product.notes)
        price, compare_at, others = self._prices(product, rows)
        images = self._pictures(cells) if first is not product.row else ()
        return ImportedVariant(
            line=first.line,
            values=_values(first),
            price=price,
            compare_at=compare_at,
            prices=others,
            quantity=cells.quantity("stock"),
            picture_url=images[0].url if images else "",
            draft=VariantDraft(
                sku=cells.text("sku")[:80],
                gtin=cells.gtin("barcode"),
                position=position,
                weight_g=cells.grams("weight", cells.text("weight_unit")) if cells.text("weight") else 0,
                length_mm=self._length(cells, "depth"),
                width_mm=self._length(cells, "width"),
                height_mm=self._length(cells, "height"),
            ),
        )

    def _length(self, cells: Cells, code: str) -> int | None:
        return cells.millimetres(code, cells.text("length_unit")) if cells.text(code) else None

    def _prices(
        self, product: Cells, rows: Sequence[Row]
    ) -> tuple[Money | None, Money | None, tuple[ImportedPrice, ...]]:
        """The price in the currency of the import, and those for markets with other currencies."""
        price = compare_at = None
        others: tuple[ImportedPrice, ...] = ()
        unused = set()
        for row in rows:
            cells = Cells(row, product.problems, product.notes)
            currency = cells.text("currency").upper() or self.setting.currency
            if currency != self.setting.currency and currency not in self.currencies.markets:
                unused.add(currency)
                continue
            found = cells.price("price", currency)
            before = cells.price("compare_at", currency)
            if not found:
                continue
            if currency == self.setting.currency:
                price, compare_at = found, before or None
            else:
                others += self.currencies.elsewhere(currency, found, before)
        if unused:
            told = _("No market sells in %(currencies)s; these prices were left out.")
            product.note("currency", told % {"currencies": ", ".join(sorted(unused))})
        return price, compare_at, others

    def _draft(self, cells: Cells, translations: Sequence[Row]) -> ProductDraft:
        texts = {field: {self.setting.language: cells.text(field)} for field in TEXTS}
        left = set()
        for row in translations:
            language = self.languages.of(row.get("locale"))
            if language is None:
                left.add(row.get("locale"))
                continue
            for field in TEXTS:
                texts[field][language] = row.get(field)
        if left:
            told = _("The storefront does not speak %(languages)s; these words were left out.")
            cells.note_row(told % {"languages": ", ".join(sorted(left))})
        handle = cells.text("slug")
        return ProductDraft(
            code=code_of(handle, cells.row, "slug"),
            product_type="physical",
            slugs={self.setting.language: handle},
            tags=tags_of(cells.text("tags")),
            texts=texts_of(texts),
        )

    def _details(self, cells: Cells) -> list[ImportedDetail]:
        return [
            ImportedDetail(
                attribute=ImportedAttribute(name=named(code.removeprefix(DETAIL))),
                text={self.setting.language: cells.text(code)},
            )
            for code in cells.row.values
            if code.startswith(DETAIL) and cells.text(code)
        ]

    def _pictures(self, cells: Cells) -> tuple[ImportedPicture, ...]:
        return cells.pictures("image1", [cells.text(f"image{n}") for n in range(1, MOST)])


def _values(row: Row) -> dict[str, str]:
    return {
        row.get(f"option{n}_name")[:80]: row.get(f"option{n}_value")[:80]
        for n in range(1, MOST)
        if row.get(f"option{n}_name") and row.get(f"option{n}_value")
    }
