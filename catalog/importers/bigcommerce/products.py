"""A product's rows become a product."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers.bigcommerce.columns import MOST_IMAGES
from catalog.importers.drafts import ImportedDetail, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import (
    category,
    code_of,
    detail,
)
from catalog.importers.foreign.cells import Cells
from catalog.importers.foreign.finishing import finished
from catalog.importers.foreign.measures import home_length, home_weight
from catalog.importers.foreign.pricing import priced
from catalog.importers.foreign.texts import tags_of, texts_of, words
from catalog.importers.formats import Row, Setting

PRODUCT, IMAGE = "product", "image"
VARIANTS = {"variant", "sku"}
OPTION = re.compile(r"Type=[^|]*\|Name=([^|]*)\|Value=(.*?)(?=Type=[^|]*\|Name=|$)")
OLDER_OPTION = re.compile(r"(?:\[[A-Z]+\])?([^=,\[\]]+)=([^,]*)")
COLOUR = re.compile(r"\s*\[(#[0-9a-fA-F]{6})\]$|:(#[0-9a-fA-F]{6})$")


def read_product(rows: Sequence[Row], setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every cell that keeps the product out."""
    first = rows[0]
    if first.get("item").lower() != PRODUCT:
        raise RowsRefused(first.wrong("item", _("No product row stands before this row.")))
    problems: list[RowProblem] = []
    cells = Cells(first, problems)
    if not cells.text("name"):
        cells.wrong("name", _("The product has no name."))
    colours: dict[str, dict[str, str]] = {}
    pieces = [row for row in rows if row.get("item").strip().lower() in VARIANTS]
    variants = [_variant(cells, row, _options(row, colours), place, setting) for place, row in enumerate(pieces)]
    variants = variants or [_variant(cells, first, {}, 0, setting)]
    pictures = [row for row in rows if row.get("item").lower() == IMAGE]
    addresses = [row.get("image") or row.get("image_in") for row in [first, *pictures]]
    taken = cells.pictures("image", [*addresses, *(cells.text(f"image{n}") for n in range(1, MOST_IMAGES))])
    draft = _draft(cells, setting)
    status = "active" if cells.flag("visible", default=True) else "draft"
    paths = [path for path in re.split(r"[;,]", cells.text("categories")) if not path.strip().isdecimal()]
    product = ImportedProduct(
        line=first.line,
        draft=draft,
        vendor=cells.text("brand"),
        variants=tuple(variants),
        pictures=taken,
        details=tuple(_details(cells)),
        status=status,
        is_shipped=cells.text("type").lower() not in ("digital", "d"),
    )
    return finished(cells, product, (category(path, "/") for path in paths), colours)


def _variant(product: Cells, row: Row, values: dict[str, str], place: int, setting: Setting) -> ImportedVariant:
    """What a variant does not say holds of its product: price, weight and size."""
    cells = Cells(row, product.problems, product.notes)

    def own(code: str) -> Cells:
        return cells if cells.text(code) else product

    length = home_length(setting.currency)
    reduced = own("special_price").price("special_price", setting.currency)
    prices = priced(own("price").price("price", setting.currency), reduced or None, setting)
    if prices.price is None and not cells.problems:
        cells.wrong("price", _("The price is missing."))
    is_counted = product.text("tracking").lower() not in ("none", "")
    return ImportedVariant(
        line=row.line,
        values=values,
        price=prices.price,
        compare_at=prices.compare_at,
        quantity=cells.quantity("stock") if is_counted else None,
        picture_url=cells.text("variant_image"),
        draft=VariantDraft(
            sku=cells.text("sku")[:80],
            gtin=cells.gtin("upc") or cells.gtin("ean"),
            position=place,
            weight_g=own("weight").grams("weight", home_weight(setting.currency)),
            length_mm=own("depth").millimetres("depth", length),
            width_mm=own("width").millimetres("width", length),
            height_mm=own("height").millimetres("height", length),
        ),
    )


def _options(row: Row, colours: dict[str, dict[str, str]]) -> dict[str, str]:
    """`Type=Swatch|Name=Color|Value=Silver[#cccccc]`, again and again; once `[RT]Size=S,[CS]Color=Red:#ff0000`."""
    found = OPTION.findall(row.get("options")) or OLDER_OPTION.findall("" if row.get("options") else row.get("name"))
    values = {}
    for name, value in found:
        hex_code = COLOUR.search(value)
        plain = COLOUR.sub("", value).strip()[:80]
        values[name.strip()[:80]] = plain
        if hex_code:
            colours.setdefault(name.strip()[:80], {})[plain] = (hex_code[1] or hex_code[2]).lower()
    return values


def _draft(cells: Cells, setting: Setting) -> ProductDraft:
    language, address = setting.language, cells.text("url").strip("/").rpartition("/")[2]
    return ProductDraft(
        code=code_of(address or cells.text("sku") or cells.text("name"), cells.row, "name"),
        product_type="physical",
        slugs={language: address} if address else {},
        tags=tags_of(cells.text("keywords")),
        texts=texts_of(
            {
                field: words(language, cells.text(field))
                for field in ("name", "description", "meta_title", "meta_description")
            }
        ),
    )


def _details(cells: Cells) -> list[ImportedDetail]:
    """`Material=Linen;Care=Wash cold`."""
    found: dict[str, list[str]] = {}
    for part in cells.text("custom").split(";"):
        name, sign, value = part.partition("=")
        if sign and value.strip():
            found.setdefault(name.strip().strip('"'), []).append(value.strip().strip('"'))
    return [detail(name, values) for name, values in found.items()]
