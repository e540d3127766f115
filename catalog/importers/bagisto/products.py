"""One product of a Bagisto table: simple, configurable, virtual, a set, a list of others, or a booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft
from catalog.importers.bagisto.variants import read_variant
from catalog.importers.bagisto.words import TEXTS, collect_words, left_out
from catalog.importers.drafts import ImportedPriceList, ImportedProduct, ImportedType, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import category, code_of
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.packed import refuse_without_basics, variants_of
from catalog.importers.foreign.texts import texts_of
from catalog.importers.formats import Row, Setting
from catalog.slugs import slug_of

KINDS = {"simple", "configurable", "virtual", "downloadable", "grouped", "bundle", "booking"}
NOT_SENT = {"virtual", "downloadable", "booking"}
SERVICE = ImportedType(code="service", name="Service", kind="service", requires_shipping=False)


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file."""

    setting: Setting
    languages: Languages

    def orphan(self, row: Row) -> ImportedProduct:
        """A variant whose parent is not there."""
        raise RowsRefused(row.wrong("parent", _("The product this variation belongs to is not in the file.")))

    def product(
        self, rows: Sequence[Row], variations: Sequence[Mapping[str, str]], found: Mapping[str, Sequence[Row]]
    ) -> ImportedProduct:
        """The product of `rows` (its languages). Raises `RowsRefused` naming every cell that keeps it out."""
        first = rows[0]
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        kind = cells.text("type")
        refuse_without_basics(cells, kind, KINDS)
        lists: list[ImportedPriceList] = []
        variants = variants_of(cells, kind, variations, found, partial(read_variant, setting=self.setting, lists=lists))
        draft = self._draft(cells, rows, kind)
        status = self._status(cells, kind, variants)
        pictures = cells.pictures("images", cells.text("images").split(","))
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            variants=tuple(variants),
            price_lists=tuple(dict.fromkeys(lists)),
            pictures=pictures,
            status=status,
            is_shipped=kind not in NOT_SENT,
            product_type=SERVICE if kind == "booking" else None,
        )
        return finished(cells, product, (category(path, "/") for path in cells.text("categories").split(",")))

    def _draft(self, cells: Cells, rows: Sequence[Row], kind: str) -> ProductDraft:
        texts, left = collect_words(rows, self.languages, TEXTS)
        if not texts["name"]:
            texts["name"][self.setting.language] = cells.text("name")
        if left:
            cells.notes.append(left_out(cells.row.line, left))
        if cells.text("tax_class"):
            cells.note("tax_class", _("Tax classes are not brought over; check the product's tax category."))
        # Its files of words name products by what their handles are made of.
        return ProductDraft(
            code=code_of(cells.text("url_key") or cells.text("sku"), cells.row, "url_key"),
            product_type="physical",
            kind="bundle" if kind == "bundle" else "simple",
            slugs={
                language: row.get("url_key")
                for row in rows
                if (language := self.languages.of(row.get("locale"))) and slug_of(row.get("url_key"))
            },
            texts=texts_of(texts),
        )

    def _status(self, cells: Cells, kind: str, variants: Sequence[ImportedVariant]) -> str:
        if kind == "grouped":
            told = _("A list of products that are sold on their own; it comes in as a draft without variants.")
            cells.note("grouped", told)
        if kind == "booking":
            cells.note("booking", _("Appointments and bookings are not sold here; it comes in as a draft service."))
        if kind in ("grouped", "booking") or any(variant.price is None for variant in variants):
            return "draft"
        is_shown = cells.flag("status", default=True) and cells.flag("visible", default=True)
        return "active" if is_shown else "draft"
