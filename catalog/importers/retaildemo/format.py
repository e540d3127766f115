"""The format's entry and its reader: one record is one product with one variant."""

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import ImportedCategory, ImportedProduct, ImportedVariant
from catalog.importers.foreign.assembly import code_of, detail
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.packed import named
from catalog.importers.foreign.texts import texts_of, words
from catalog.importers.formats import Field, Kind, Row, Setting, Source, TableFormat, Unit

PEOPLE = {"F": "Women", "M": "Men"}


class RetailDemoFormat(TableFormat):
    """`products.yaml`, also packed. Pictures are file names there and stay behind."""

    code = "retaildemo"
    label = "AWS Retail Demo Store"
    kind = Kind.RECORDS
    fields = (
        Field("id", gettext_lazy("ID"), ("id",), required=True),
        Field("name", gettext_lazy("Name"), ("name",), required=True),
        Field("category", gettext_lazy("Category"), ("category",)),
        Field("style", gettext_lazy("Style"), ("style",), required=True),
        Field("description", gettext_lazy("Description"), ("description",)),
        Field("price", gettext_lazy("Price"), ("price",)),
        Field("stock", gettext_lazy("Stock"), ("current_stock",), required=True),
        Field("gender", gettext_lazy("Made for"), ("gender_affinity",)),
        Field("where", gettext_lazy("Visibility"), ("where_visible",)),
    )
    left_alone = ("image", "promoted", "aliases", "featured", "sk", "url")
    signature = ("id", "style", "current_stock", "gender_affinity")

    def read(self, source: Source, setting: Setting) -> Iterator[Unit]:
        """One unit per record."""
        for row in source.rows:
            yield Unit(row.get("id"), (row.line,), partial(read_product, row, setting))


def read_product(row: Row, setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every value that keeps the product out."""
    cells = Cells(row, [])
    if not cells.text("name"):
        cells.wrong("name", _("The product has no name."))
    price = cells.price("price", setting.currency)
    if not price and not cells.problems:
        cells.wrong("price", _("The price is missing."))
    quantity = cells.quantity("stock")
    people = PEOPLE.get(cells.text("gender"))
    steps = tuple(named(step) for step in (cells.text("category"), cells.text("style")) if step)
    cells.refuse()
    return ImportedProduct(
        line=row.line,
        category=ImportedCategory(steps=steps, create=True) if steps else None,
        variants=(
            ImportedVariant(
                line=row.line, price=price, quantity=quantity, draft=VariantDraft(sku=cells.text("id")[:80])
            ),
        ),
        details=(detail("Made for", [people]),) if people else (),
        status="active",
        is_shipped=True,
        notes=tuple(cells.notes),
        draft=ProductDraft(
            code=code_of(cells.text("id"), row, "id"),
            product_type="physical",
            texts=texts_of({field: words(setting.language, cells.text(field)) for field in ("name", "description")}),
        ),
    )
