"""One model becomes a product; its colours and sizes are the variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.adventureworks.tables import Tables
from catalog.importers.drafts import ImportedCategory, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import code_of, detail
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.texts import texts_of
from catalog.importers.formats import Row, Setting

LINES = {"R": "Road", "M": "Mountain", "T": "Touring", "S": "Standard"}
STYLES = {"W": "Women", "M": "Men", "U": "Unisex"}
SHORTEST_NAME = 4
OPTIONS = (("Colour", "Color", ""), ("Size", "Size", "SizeUnitMeasureCode"))


@dataclass(frozen=True)
class Reader:
    """Reads the products of one archive. Its own words are English, whatever the language of the import."""

    setting: Setting
    languages: Languages
    tables: Tables

    def product(self, rows: Sequence[Row]) -> ImportedProduct:
        """Raises `RowsRefused` naming every cell that keeps the product out."""
        first = rows[0]
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        options = [option for option in OPTIONS if len(rows) > 1 and any(row.get(option[1]) for row in rows)]
        variants = [self._variant(cells, row, options, place) for place, row in enumerate(rows)]
        if any(row.get("ProductID") in self.tables.pictures for row in rows):
            cells.note_row(_("Its pictures are GIF files inside the archive, which are not taken; add pictures to it."))
        draft = self._draft(cells, rows)
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            vendor="Adventure Works",
            variants=tuple(variants),
            details=tuple(
                detail(name, [words[first.get(column)]])
                for name, column, words in (("Product line", "ProductLine", LINES), ("Made for", "Style", STYLES))
                if first.get(column) in words
            ),
            status="draft" if all(row.get("SellEndDate") for row in rows) else "active",
            is_shipped=True,
        )
        return finished(cells, product, [self._category(first)])

    def _variant(
        self, product: Cells, row: Row, options: Sequence[tuple[str, str, str]], place: int
    ) -> ImportedVariant:
        cells = Cells(row, product.problems, product.notes)
        price = cells.rounded_price("ListPrice", self.setting.currency)
        if price is not None and not price:
            cells.wrong("ListPrice", _("The price is missing."))
        is_over = bool(cells.text("SellEndDate"))
        return ImportedVariant(
            line=row.line,
            values={name: _value(row, column, unit) for name, column, unit in options},
            price=price,
            quantity=self.tables.stock.get(cells.text("ProductID")),
            told=frozenset({"position", "status"} if is_over else {"position"}),
            draft=VariantDraft(
                sku=cells.text("ProductNumber"),
                position=place,
                status="draft" if is_over else "active",
                weight_g=cells.grams("Weight", cells.text("WeightUnitMeasureCode") or "g"),
            ),
        )

    def _draft(self, cells: Cells, rows: Sequence[Row]) -> ProductDraft:
        model = cells.text("ProductModelID")
        english = self.tables.models.get(model) or cells.text("Name")
        names = {"en": english} | {
            language: shared
            for language in ("es", "fr")
            if (shared := _shared([self.tables.names.get(row.get("ProductNumber"), {}).get(language) for row in rows]))
        }
        descriptions = dict(self.tables.sku_descriptions.get(cells.text("ProductNumber"), {}))
        descriptions |= self.tables.descriptions.get(model, {})
        kept = {"name": self._spoken(cells, names), "description": self._spoken(cells, descriptions, is_told=True)}
        kept["name"].setdefault(self.setting.language, english)
        return ProductDraft(
            code=code_of(english, cells.row, "Name"),
            product_type="physical",
            texts=texts_of(kept),
            model_code=english[:80],
        )

    def _spoken(self, cells: Cells, words: dict[str, str], *, is_told: bool = False) -> dict[str, str]:
        """The words in languages of the storefront; of the others a note, if wanted."""
        kept: dict[str, str] = {}
        left = []
        for code, text in words.items():
            language = self.languages.of(code)
            if language is None:
                left.append(code)
            else:
                kept.setdefault(language, text)
        if left and is_told:
            told = _("The storefront does not speak %(languages)s; these words were left out.")
            cells.note_row(told % {"languages": ", ".join(sorted(left))})
        return kept

    def _category(self, row: Row) -> ImportedCategory | None:
        found = self.tables.categories.get(row.get("ProductSubcategoryID"))
        if found is None:
            return None
        names = {
            language: name
            for code, name in self.tables.category_names.get(found[1], {}).items()
            if (language := self.languages.of(code))
        }
        return ImportedCategory(steps=found, names=names, create=True)


def _value(row: Row, column: str, unit: str) -> str:
    value, measure = row.get(column), row.get(unit).lower() if unit else ""
    return f"{value} {measure}" if value and measure and value.isdecimal() else value


def _shared(names: Sequence[str | None]) -> str:
    """What the names of a model's variants begin with, up to the last comma or dash: nothing when it is too little."""
    known = [name for name in names if name]
    if len(known) < len(names):
        return ""
    if len(set(known)) == 1:
        return known[0]
    start = "".join(letters[0] for letters in takewhile(lambda each: len(set(each)) == 1, zip(*known, strict=False)))
    place = max(start.rfind(mark) for mark in (",", " - ", ":"))
    start = start[:place].rstrip(" ,-:") if place > 0 else ""
    return start if len(start) >= SHORTEST_NAME else ""
