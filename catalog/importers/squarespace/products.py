"""A product's rows become a product."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.drafts import ImportedProduct, ImportedType, ImportedVariant
from catalog.importers.errors import RowProblem
from catalog.importers.foreign.assembly import category, code_of
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.measures import home_length, home_weight
from catalog.importers.foreign.pricing import priced
from catalog.importers.foreign.texts import tags_of, texts_of, words
from catalog.importers.formats import Row, Setting

MOST = 7
UNCOUNTED = "unlimited"
KINDS = {
    "": "",
    "physical": "",
    "digital": "virtual",
    "service": "service",
    "gift_card": "giftcard",
}
NAMES = {"virtual": "Virtual", "service": "Service", "giftcard": "Gift card"}


def read_product(rows: Sequence[Row], setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every cell that keeps the product out."""
    first = rows[0]
    problems: list[RowProblem] = []
    cells = Cells(first, problems)
    if not cells.text("title"):
        cells.wrong("title", _("The product has no title."))
    kind = KINDS.get(cells.text("type").lower().replace(" ", "_"))
    if kind is None:
        cells.wrong("type", _("“%(kind)s” is not a kind of product that can be read.") % {"kind": cells.text("type")})
    variants = [_variant(problems, cells, row, place, setting) for place, row in enumerate(rows)]
    pictures = cells.pictures("images", cells.text("images").split())
    status = "active" if cells.flag("visible", default=True) else "draft"
    language, handle = setting.language, cells.text("url") or cells.text("title")
    draft = ProductDraft(
        code=code_of(handle, first, "url"),
        product_type="physical",
        slugs={language: handle},
        tags=tags_of(cells.text("tags")),
        texts=texts_of(
            {"name": words(language, cells.text("title")), "description": words(language, cells.text("description"))}
        ),
    )
    product = ImportedProduct(
        line=first.line,
        draft=draft,
        variants=tuple(variants),
        pictures=pictures,
        status=status,
        is_shipped=not kind,
        product_type=ImportedType(code=kind, name=NAMES[kind], kind=kind, requires_shipping=False) if kind else None,
    )
    return finished(cells, product, (category(path, "/") for path in cells.text("categories").split(",")))


def _variant(problems: list[RowProblem], product: Cells, row: Row, place: int, setting: Setting) -> ImportedVariant:
    cells = Cells(row, problems, product.notes)
    is_reduced = cells.flag("on_sale", default=False)
    reduced = cells.price("special_price", setting.currency) if is_reduced else None
    prices = priced(cells.price("price", setting.currency), reduced, setting)
    if not cells.text("price"):
        cells.wrong("price", _("The price is missing."))
    length = home_length(setting.currency)
    return ImportedVariant(
        line=row.line,
        values={
            cells.text(f"option{n}_name")[:80]: cells.text(f"option{n}_value")[:80]
            for n in range(1, MOST)
            if cells.text(f"option{n}_name") and cells.text(f"option{n}_value")
        },
        price=prices.price,
        compare_at=prices.compare_at,
        quantity=None if cells.text("stock").lower() == UNCOUNTED else cells.quantity("stock"),
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            position=place,
            weight_g=cells.grams("weight", home_weight(setting.currency)),
            length_mm=cells.millimetres("length", length),
            width_mm=cells.millimetres("width", length),
            height_mm=cells.millimetres("height", length),
        ),
    )
