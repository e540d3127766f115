"""One product of a Magento table: simple, configurable, virtual, downloadable, a set, or a list of others."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.drafts import ProductDraft
from catalog.importers.drafts import (
    ImportedCategory,
    ImportedDetail,
    ImportedPriceList,
    ImportedProduct,
    ImportedVariant,
)
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import code_of, detail
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.packed import named, pairs, refuse_without_basics, variants_of
from catalog.importers.foreign.texts import texts_of
from catalog.importers.formats import Row, Setting
from catalog.importers.magento.variants import read_variant
from catalog.slugs import slug_of

KINDS = {"simple", "configurable", "virtual", "downloadable", "bundle", "grouped"}
TEXTS = ("name", "summary", "description", "meta_title", "meta_description")
ROOTS = ("Default Category", "Root Catalog")
NO_DETAIL = {"has_options", "required_options", "new", "sale", "ts_dimensions_height", "ts_dimensions_length",
             "ts_dimensions_width", "gift_message_available", "tax_class_id"}  # fmt: skip
GROUPED = gettext_lazy("A list of products that are sold on their own; it comes in as a draft without variants.")
NOT_ALONE = "not visible individually"


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file."""

    setting: Setting
    languages: Languages

    def product(
        self, rows: Sequence[Row], variations: Sequence[Mapping[str, str]], found: Mapping[str, Sequence[Row]]
    ) -> ImportedProduct:
        """The product of `rows` (its store views). Raises `RowsRefused` naming every cell that keeps it out."""
        first = next((row for row in rows if not row.get("view")), rows[0])
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        kind = cells.text("type") or "simple"
        refuse_without_basics(cells, kind, KINDS)
        lists: list[ImportedPriceList] = []
        variants = variants_of(cells, kind, variations, found, partial(read_variant, setting=self.setting, lists=lists))
        draft = self._draft(cells, rows, kind)
        status = _status(cells, kind, variants)
        pictures = cells.pictures(
            "base_image", [cells.text("base_image"), *cells.text("more_images").split(",")]
        )  # fmt: skip
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            variants=tuple(variants),
            price_lists=tuple(dict.fromkeys(lists)),
            pictures=pictures,
            details=tuple(_details(cells, variants)),
            status=status,
            is_shipped=kind not in ("virtual", "downloadable"),
        )
        return finished(cells, product, _categories(cells.text("categories")))

    def _draft(self, cells: Cells, rows: Sequence[Row], kind: str) -> ProductDraft:
        texts: dict[str, dict[str, str]] = {field: {} for field in TEXTS}
        slugs: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: row.get("view") != ""):
            language = self.languages.of(row.get("view")) if row.get("view") else self.setting.language
            if language is None:
                cells.notes.append(
                    row.wrong("view", _("This store view is no language of the storefront."), is_note=True)
                )
                continue
            for field in TEXTS:
                if row.get(field):
                    texts[field][language] = row.get(field)
            if slug_of(row.get("url_key")):
                slugs[language] = row.get("url_key")
        if cells.text("tax_class").lower() not in ("", "taxable goods"):
            cells.note("tax_class", _("Tax classes are not brought over; check the product's tax category."))
        new_until = cells.moment("new_until")
        return ProductDraft(
            code=code_of(cells.text("sku"), cells.row, "sku"),
            product_type="physical",
            kind="bundle" if kind == "bundle" else "simple",
            slugs=slugs,
            texts=texts_of(texts),
            new_until=new_until.date() if new_until else None,
        )


def _status(cells: Cells, kind: str, variants: Sequence[ImportedVariant]) -> str:
    if kind == "grouped":
        cells.note("grouped", GROUPED)
        return "draft"
    if kind == "downloadable":
        cells.note("download", _("Files to download are not brought over; add them to the product."))
    has_price = all(variant.price is not None for variant in variants)
    is_shown = cells.text("visibility").lower() != NOT_ALONE and cells.text("online") not in ("0", "2")
    return "active" if has_price and is_shown else "draft"


def _categories(text: str) -> list[ImportedCategory]:
    found = []
    for path in re.split(r"(?<!\\),(?!\s)", text):
        steps = [step.replace("\\/", "/").replace("\\,", ",").strip() for step in re.split(r"(?<!\\)/", path)]
        steps = [step for step in steps if step and step not in ROOTS]
        if steps:
            found.append(ImportedCategory(steps=tuple(steps), create=True))
    return found


def _details(cells: Cells, variants: Sequence[ImportedVariant]) -> list[ImportedDetail]:
    used = {name for variant in variants for name in variant.values}
    found = []
    for code, value in pairs(cells.text("attributes")).items():
        values = [part.strip() for part in value.split("|") if part.strip()]
        if values and code not in NO_DETAIL and named(code) not in used:
            found.append(detail(named(code), values))
    return found
