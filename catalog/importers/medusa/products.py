"""The rows of one handle become a product; each row is a variant."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import ImportedPrice, ImportedProduct, ImportedType, ImportedVariant
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import (
    category,
    code_of,
    detail,
)
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.texts import tags_of, texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.medusa.columns import MOST
from core.money import Money

STATUSES = {"": "", "published": "active", "draft": "draft", "proposed": "draft", "rejected": "draft"}
OWN_NUMBER = "pcat_"
GIFT_CARD = ImportedType(code="giftcard", name="Gift card", kind="giftcard", requires_shipping=False)


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file."""

    setting: Setting
    currencies: Currencies

    def product(self, rows: Sequence[Row]) -> ImportedProduct:
        """Raises `RowsRefused` naming every cell that keeps the product out."""
        first = rows[0]
        problems: list[RowProblem] = []
        cells = Cells(first, problems)
        if not cells.text("title"):
            cells.wrong("title", _("The product has no title."))
        if cells.text("deleted"):
            cells.wrong("deleted", _("The product was deleted in the other shop."))
        variants = [
            self._variant(cells, row, place) for place, row in enumerate(rows) if not row.get("variant_deleted")
        ]
        status = STATUSES.get(cells.text("status").lower())
        if status is None:
            told = _("The status “%(word)s” is not known. Use active, draft or archived.")
            cells.wrong("status", told % {"word": cells.text("status")})
        pictures = cells.pictures(
            "thumbnail", [cells.text("thumbnail"), *(cells.text(f"image{n}") for n in range(1, MOST))]
        )
        is_gift_card = cells.flag("gift_card", default=False)
        draft = self._draft(cells)
        names = [cells.text("type"), *(cells.text(f"category{n}") for n in range(1, MOST))]
        product = ImportedProduct(
            line=first.line,
            draft=draft,
            variants=tuple(variants),
            pictures=pictures,
            details=(detail("Material", [cells.text("material")]),) if cells.text("material") else (),
            status=status or "",
            is_shipped=not is_gift_card,
            product_type=GIFT_CARD if is_gift_card else None,
        )
        return finished(cells, product, (category(name, ">") for name in names if not name.startswith(OWN_NUMBER)))

    def _variant(self, product: Cells, row: Row, place: int) -> ImportedVariant:
        cells = Cells(row, product.problems, product.notes)
        price, others = self._prices(cells)
        return ImportedVariant(
            line=row.line,
            values={
                cells.text(f"option{n}_name")[:80]: cells.text(f"option{n}_value")[:80]
                for n in range(1, MOST)
                if cells.text(f"option{n}_name") and cells.text(f"option{n}_value")
            },
            price=price,
            prices=others,
            quantity=cells.quantity("stock"),
            draft=VariantDraft(
                sku=cells.text("sku")[:80],
                gtin=next((sound for code in ("ean", "upc", "barcode") if (sound := cells.gtin(code))), ""),
                position=place,
                weight_g=cells.grams("variant_weight", "g") or cells.grams("weight", "g"),
                length_mm=cells.millimetres("variant_length", "mm") or cells.millimetres("length", "mm"),
                width_mm=cells.millimetres("variant_width", "mm") or cells.millimetres("width", "mm"),
                height_mm=cells.millimetres("variant_height", "mm") or cells.millimetres("height", "mm"),
                hs_code=cells.hs_code("variant_hs_code") or cells.hs_code("hs_code"),
                origin_country=cells.country("variant_origin") or cells.country("origin"),
            ),
        )

    def _prices(self, cells: Cells) -> tuple[Money | None, tuple[ImportedPrice, ...]]:
        """The price of a currency goes before that of a region with it."""
        found: dict[str, Money] = {}
        told = sorted(code for code in cells.row.values if code.startswith(("price:", "region:")) and cells.text(code))
        for code in told:
            currency = code.rpartition(":")[2]
            if currency not in found and (currency == self.setting.currency or currency in self.currencies.markets):
                amount = cells.price(code, currency)
                if amount is not None:
                    found[currency] = amount
        if not found and not cells.problems:
            wanted = _("There is no price in a currency that a market of this shop sells in.")
            cells.wrong(told[0] if told else "sku", wanted if told else _("The price is missing."))
        others: tuple[ImportedPrice, ...] = ()
        for currency, amount in found.items():
            if currency != self.setting.currency:
                others += self.currencies.elsewhere(currency, amount, None)
        return found.get(self.setting.currency), others

    def _draft(self, cells: Cells) -> ProductDraft:
        language, handle = self.setting.language, cells.text("handle") or cells.text("title")
        tags = [*tags_of(cells.text("tags")), *(cells.text(f"tag{n}") for n in range(1, MOST))]
        return ProductDraft(
            code=code_of(handle, cells.row, "handle"),
            product_type="physical",
            slugs={language: handle},
            tags=tuple(dict.fromkeys(tag[:80] for tag in tags if tag)),
            texts=texts_of(
                {
                    "name": words(language, cells.text("title")),
                    "summary": words(language, cells.text("subtitle")),
                    "description": words(language, cells.text("description")),
                }
            ),
        )
