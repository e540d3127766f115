"""One product with its variants, prices per channel, attributes and stock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import (
    ImportedCategory,
    ImportedDetail,
    ImportedPrice,
    ImportedProduct,
    ImportedType,
    ImportedVariant,
)
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import code_of, detail
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.currencies import Currencies
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.numbers import as_text
from catalog.importers.foreign.texts import texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.saleor.objects import PRODUCT, Fields, Objects, words_of
from core.money import Money

VARIANT = "product.productvariant"
GIFT_CARD = "gift_card"


@dataclass(frozen=True)
class Reader:
    """Reads the products of one file."""

    setting: Setting
    currencies: Currencies
    objects: Objects

    def product(self, key: Any, place: int) -> ImportedProduct:
        """Raises `RowsRefused` naming every value that keeps the product out."""
        fields = self.objects.get(PRODUCT, key)
        problems: list[RowProblem] = []
        cells = _cells(place, fields, problems, [])
        if not cells.text("name"):
            cells.wrong("name", _("The product has no name."))
        found = sorted(self.objects.of_owner(VARIANT, "product", key), key=lambda each: each[1].get("sort_order") or 0)
        variants = [self._variant(cells, each, own, position) for position, (each, own) in enumerate(found)]
        if not variants:
            cells.wrong("name", _("The product has no variations in the file."))
        kind = self.objects.get("product.producttype", fields.get("product_type"))
        media = self.objects.of_owner("product.productmedia", "product", key)
        pictures = cells.pictures(
            "image", [as_text(own.get("external_url") or own.get("image")) for _key, own in media]
        )
        is_gift_card = kind.get("kind") == GIFT_CARD
        product = ImportedProduct(
            line=place,
            draft=self._draft(cells, fields),
            variants=tuple(variants),
            pictures=pictures,
            details=tuple(self._details(key)),
            status="active" if self._is_published(key) else "draft",
            is_shipped=kind.get("is_shipping_required") is not False and not is_gift_card,
            product_type=ImportedType(code="giftcard", name="Gift card", kind="giftcard", requires_shipping=False)
            if is_gift_card
            else None,
        )
        return finished(cells, product, [self._category(fields.get("category"))])

    def _variant(self, product: Cells, key: Any, fields: Fields, position: int) -> ImportedVariant:
        cells = _cells(product.row.line, fields, product.problems, product.notes)
        price, compare_at, others = self._prices(cells, key)
        weight, _sign, unit = as_text(fields.get("weight")).partition(":")
        stock = self.objects.of_owner("warehouse.stock", "product_variant", key)
        counts = [own.get("quantity") for _key, own in stock]
        return ImportedVariant(
            line=product.row.line,
            values=self._values(key),
            price=price,
            compare_at=compare_at,
            prices=others,
            quantity=sum(count for count in counts if isinstance(count, int)) if stock else None,
            draft=VariantDraft(
                sku=cells.text("sku")[:80],
                position=position,
                weight_g=_cells(0, {"weight": weight}, cells.problems, []).grams("weight", unit or "kg"),
            ),
        )

    def _values(self, variant: Any) -> dict[str, str]:
        found = {}
        for key, own in self.objects.of_owner("attribute.assignedvariantattribute", "variant", variant):
            wanted = self.objects.get("attribute.attributevariant", own.get("assignment"))
            name = as_text(self.objects.get("attribute.attribute", wanted.get("attribute")).get("name"))
            values = self._chosen("attribute.assignedvariantattributevalue", "assignment", key)
            if name and values and wanted.get("variant_selection") is not False:
                found[name[:80]] = values[0][:80]
        return found

    def _chosen(self, model: str, field: str, key: Any) -> list[str]:
        rows = self.objects.of_owner(model, field, key)
        return [
            as_text(self.objects.get("attribute.attributevalue", own.get("value")).get("name")) for _key, own in rows
        ]

    def _prices(self, cells: Cells, key: Any) -> tuple[Money | None, Money | None, tuple[ImportedPrice, ...]]:
        """Channels by their currency: that of the import, and those of other markets."""
        price = compare_at = None
        others: tuple[ImportedPrice, ...] = ()
        listings = self.objects.of_owner("product.productvariantchannellisting", "variant", key)
        seen = set()
        for _key, own in listings:
            currency = as_text(own.get("currency"))
            if currency in seen or (currency != self.setting.currency and currency not in self.currencies.markets):
                continue
            listing = _cells(cells.row.line, own, cells.problems, cells.notes)
            full = listing.price("price_amount", currency)
            if full is None:
                continue
            seen.add(currency)
            now = listing.price("discounted_price_amount", currency)
            is_reduced = now is not None and now < full
            shown, before = (now, full) if is_reduced and now is not None else (full, None)
            if currency == self.setting.currency:
                price, compare_at = shown, before
            else:
                others += self.currencies.elsewhere(currency, shown, before)
        if not seen and not cells.problems:
            cells.wrong("name", _("There is no price in a currency that a market of this shop sells in."))
        return price, compare_at, others

    def _draft(self, cells: Cells, fields: Fields) -> ProductDraft:
        language = self.setting.language
        handle = cells.text("slug") or cells.text("name")
        return ProductDraft(
            code=code_of(handle, cells.row, "slug"),
            product_type="physical",
            slugs={language: handle},
            texts=texts_of(
                {
                    "name": words(language, cells.text("name")),
                    "description": words(language, words_of(fields.get("description"))),
                    "meta_title": words(language, cells.text("seo_title")),
                    "meta_description": words(language, cells.text("seo_description")),
                }
            ),
        )

    def _category(self, key: Any) -> ImportedCategory | None:
        steps: list[str] = []
        while key is not None and len(steps) < 10:
            fields = self.objects.get("product.category", key)
            if fields.get("name"):
                steps.insert(0, as_text(fields["name"]))
            key = fields.get("parent")
        return ImportedCategory(steps=tuple(steps), create=True) if steps else None

    def _details(self, key: Any) -> Iterator[ImportedDetail]:
        found: dict[str, list[str]] = {}
        for _key, own in self.objects.of_owner("attribute.assignedproductattributevalue", "product", key):
            value = self.objects.get("attribute.attributevalue", own.get("value"))
            name = as_text(self.objects.get("attribute.attribute", value.get("attribute")).get("name"))
            if name and value.get("name"):
                found.setdefault(name, []).append(as_text(value["name"]))
        return (detail(name, values) for name, values in found.items())

    def _is_published(self, key: Any) -> bool:
        listings = self.objects.of_owner("product.productchannellisting", "product", key)
        return any(own.get("is_published") is True for _key, own in listings)


def _cells(line: int, fields: Mapping[str, Any], problems: list[RowProblem], notes: list[RowProblem]) -> Cells:
    """An object read like a row: numbers as text, exactly."""
    plain = {name: as_text(value) for name, value in fields.items() if not isinstance(value, dict | list)}
    return Cells(Row(line, plain), problems, notes)
