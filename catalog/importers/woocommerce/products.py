"""One product's rows become a product: simple, with variations, virtual, sold elsewhere, or a mere list of others."""

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft
from catalog.importers.drafts import ImportedProduct
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import category, code_of, detail
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.texts import tags_of, texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.woocommerce.rows import attributes_of, is_variation, kinds_of, split
from catalog.importers.woocommerce.variants import read_variants

KINDS = {"simple", "variable", "variation", "grouped", "external", "subscription", "variable-subscription"}
FLAGS = {"virtual", "downloadable"}


def read_product(rows: list[Row], setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every cell that keeps the product out."""
    first = _first(rows)
    problems: list[RowProblem] = []
    notes: list[RowProblem] = []
    cells = Cells(first, problems, notes)
    kinds = kinds_of(first)
    _refuse_kind(cells, kinds)
    attributes = attributes_of(first)
    variations = [row for row in rows if is_variation(row)]
    found = [] if "grouped" in kinds else read_variants(first, variations, attributes, setting, problems, notes)
    _note_kind(cells, kinds)
    draft = _draft(cells, setting)
    status = _status(cells, kinds)
    used = {name for each in found for name in each.variant.values}
    product = ImportedProduct(
        line=first.line,
        draft=draft,
        vendor=next(iter(split(first.get("brand"))), "").rpartition(">")[2].strip(),
        variants=tuple(each.variant for each in found),
        price_lists=tuple(dict.fromkeys(opened for each in found for opened in each.lists)),
        pictures=cells.pictures("images", split(first.get("images"))),
        details=tuple(detail(name, values) for name, values in attributes.items() if values and name not in used),
        status=status,
        is_shipped=not any("virtual" in kinds_of(row) for row in rows),
    )
    return finished(cells, product, (category(path, ">") for path in split(first.get("categories"))))


def _first(rows: list[Row]) -> Row:
    parents = [row for row in rows if not is_variation(row)]
    if not parents:
        raise RowsRefused(
            *(row.wrong("parent", _("The product this variation belongs to is not in the file.")) for row in rows)
        )
    if len(parents) > 1:
        told = _("The SKU belongs to the product on line %(line)d already.") % {"line": parents[0].line}
        raise RowsRefused(*(row.wrong("sku", told) for row in parents[1:]))
    return parents[0]


def _refuse_kind(cells: Cells, kinds: set[str]) -> None:
    if not cells.text("name"):
        cells.wrong("name", _("The product has no name."))
    if len(kinds & KINDS) != 1 or kinds - KINDS - FLAGS:
        cells.wrong("type", _("“%(kind)s” is not a kind of product that can be read.") % {"kind": cells.text("type")})
    cells.refuse()


def _note_kind(cells: Cells, kinds: set[str]) -> None:
    if "grouped" in kinds:
        cells.note(
            "grouped", _("A list of products that are sold on their own; it comes in as a draft without variants.")
        )
    if "external" in kinds:
        cells.note("external_url", _("The product is sold elsewhere; it comes in as a draft."))
    if "downloadable" in kinds:
        cells.note("download", _("Files to download are not brought over; add them to the product."))
    if kinds & {"subscription", "variable-subscription"}:
        cells.note("type", _("Subscriptions are not sold here; the product comes in at its single price, as a draft."))


def _status(cells: Cells, kinds: set[str]) -> str:
    if kinds & {"grouped", "external", "subscription", "variable-subscription"}:
        return "draft"
    is_hidden = cells.text("visibility").lower() == "hidden"
    return "active" if cells.flag("published", default=True) and not is_hidden else "draft"


def _draft(cells: Cells, setting: Setting) -> ProductDraft:
    language = setting.language
    if cells.text("tax_class").lower() not in ("", "standard") or cells.text("tax_status").lower() == "none":
        cells.note("tax_class", _("Tax classes are not brought over; check the product's tax category."))
    return ProductDraft(
        code=code_of(_handle(cells), cells.row, "sku"),
        product_type="physical",
        tags=tuple(dict.fromkeys(tag for part in split(cells.text("tags")) for tag in tags_of(part))),
        texts=texts_of(
            {
                field: words(language, cells.text(field))
                for field in ("name", "summary", "description", "meta_title", "meta_description")
            }
        ),
    )


def _handle(cells: Cells) -> str:
    """The table has no address column: the SKU tells products apart, or else their number."""
    if cells.text("sku"):
        return cells.text("sku")
    return f"wc-{cells.text('id')}" if cells.text("id") else cells.text("name")
