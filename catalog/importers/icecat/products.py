"""One record becomes one product with one variant. Its SKU and code are Icecat's own number."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft, VariantDraft
from catalog.importers import cells
from catalog.importers.drafts import ImportedCategory, ImportedChoice, ImportedDetail, ImportedProduct, ImportedVariant
from catalog.importers.errors import RowProblem, RowsRefused
from catalog.importers.foreign.assembly import is_address, pictures_of
from catalog.importers.foreign.cells import Cells, moment
from catalog.importers.foreign.measures import HEAVIEST_G, LONGEST_MM
from catalog.importers.foreign.places import country_named
from catalog.importers.foreign.texts import texts_of, words
from catalog.importers.formats import Row, Setting
from catalog.importers.icecat.attributes import attribute_of
from core.money import Money

CENT = Decimal("0.01")
PLACES = Decimal("0.0001")
WIDEST = Decimal(10) ** 10
ROOT = "Electronics"
KINDS = ("attr_t_product_type", "attr_t_type")
SORTS = (
    (
        "Printing supplies",
        {"attr_t_printing_colours", "attr_n_black_toner_page_yield", "attr_t_ink_type", "attr_t_print_technology"},
    ),
    ("Labels and paper", {"attr_n_labels_per_pack", "attr_n_media_sheets_per_package", "attr_n_label_width"}),
    ("Cables and adapters", {"attr_n_cable_length", "attr_t_connector_1", "attr_t_cable_colour"}),
    ("Computers", {"attr_t_processor_family", "attr_t_operating_system_installed"}),
    ("Displays", {"attr_n_display_diagonal"}),
)
NO_KIND = {"original", "compatible", "standard", "on-site", "pick-up&return", "system", "unspecified", "n", "y"}
NO_VALUE = {"", "n/a", "not available", "unspecified"}
LONGEST_CHOICE, MOST_CHOICES = 60, 12


def read_product(row: Row, setting: Setting) -> ImportedProduct:
    """Raises `RowsRefused` naming every value that keeps the product out."""
    problems: list[RowProblem] = []
    read = Cells(row, problems)
    number = read.text("id")
    if not number.isdecimal():
        raise RowsRefused(row.wrong("id", _("The product has no number.")))
    if not read.text("title"):
        read.wrong("title", _("The product has no title."))
    price = _price(read, setting.currency)
    released = read.read("date_released", moment)
    variant = _variant(read, number, price)
    read.refuse()
    language = setting.language
    return ImportedProduct(
        line=row.line,
        vendor=read.text("supplier"),
        category=ImportedCategory(steps=_kind(row), create=True),
        variants=(variant,),
        pictures=pictures_of(row.line, filter(is_address, [read.text("img_high")])),
        details=tuple(_details(row, language)),
        status="active",
        is_shipped=True,
        notes=tuple(read.notes),
        draft=ProductDraft(
            code=number,
            product_type="physical",
            model_code=read.text("name")[:80],
            released_at=released,
            texts=texts_of(
                {
                    "name": words(language, read.text("title")),
                    "description": words(language, read.text("short_description")),
                }
            ),
        ),
    )


def _price(read: Cells, currency: str) -> Money | None:
    """The price stands in cents, whatever the currency."""
    cents = read.row.values.get("price")
    if not isinstance(cents, int) or isinstance(cents, bool) or cents <= 0:
        read.wrong("price", _("The price is missing, or not a whole number of cents."))
        return None
    try:
        return cells.price(currency)(str(cents * CENT))
    except ValueError as wrong:
        read.wrong("price", str(wrong))
        return None


def _variant(read: Cells, number: str, price: Money | None) -> ImportedVariant:
    values = read.row.values
    hs_code = "".join(filter(str.isdigit, str(values.get("attr_t_harmonized_system__hs__code", ""))))
    return ImportedVariant(
        line=read.row.line,
        price=price,
        draft=VariantDraft(
            sku=number,
            gtin=_gtin(read),
            weight_g=_whole(values, ("attr_n_package_weight", "attr_n_weight"), HEAVIEST_G) or 0,
            length_mm=_whole(values, ("attr_n_package_depth", "attr_n_package_length", "attr_n_depth"), LONGEST_MM),
            width_mm=_whole(values, ("attr_n_package_width", "attr_n_width"), LONGEST_MM),
            height_mm=_whole(values, ("attr_n_package_height", "attr_n_height"), LONGEST_MM),
            hs_code=hs_code if 6 <= len(hs_code) <= 10 else None,
            origin_country=_origin(read.row),
        ),
    )


def _origin(row: Row) -> str | None:
    try:
        return country_named(row.get("attr_t_country_of_origin"))
    except ValueError:
        return None


def _gtin(read: Cells) -> str:
    """The first sound one: further ones belong to other packages or regions."""
    codes = read.row.values.get("ean")
    told = [str(code) for code in codes] if isinstance(codes, list) else [read.text("ean")]
    found = next((sound for code in told if (sound := cells.gtin(code))), "")
    if not found and any(told):
        read.note("ean", _("This is not a sound EAN or UPC and was left out."))
    return found


def _whole(values: Any, keys: tuple[str, ...], most: Decimal) -> int | None:
    """The first measure that is there and can be true, rounded half up."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, int | Decimal) and 0 < value <= most:
            return max(int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP)), 1)
    return None


def _kind(row: Row) -> tuple[str, ...]:
    """The category: an attribute says what sort of thing it is, or which attributes there are shows it."""
    for key in KINDS:
        kind = row.get(key).split(",")[0].strip()
        if len(kind) > 1 and not kind.isdecimal() and kind.casefold() not in NO_KIND:
            return (ROOT, kind[:80])
    sort = next((name for name, keys in SORTS if not keys.isdisjoint(row.values)), None)
    return (ROOT, sort) if sort else (ROOT,)


def _details(row: Row, language: str) -> Iterator[ImportedDetail]:
    seen: set[str] = set()
    for key, value in row.values.items():
        attribute = attribute_of(key) if key.startswith("attr_") else None
        if attribute is None or attribute.code in seen:
            continue
        seen.add(attribute.code)
        if attribute.data_type == "bool" and isinstance(value, bool):
            yield ImportedDetail(attribute=attribute, flag=value)
        elif attribute.data_type == "number" and isinstance(value, int | Decimal) and abs(Decimal(value)) < WIDEST:
            yield ImportedDetail(attribute=attribute, number=Decimal(value).quantize(PLACES, rounding=ROUND_HALF_UP))
        elif isinstance(value, str) and value.strip().casefold() not in NO_VALUE:
            text = value.replace("\\n", "\n").strip()
            if attribute.data_type == "enum":
                yield ImportedDetail(attribute=attribute, choices=_choices(text))
            elif attribute.data_type == "text":
                yield ImportedDetail(attribute=attribute, text={language: text})


@cache
def _choices(text: str) -> tuple[ImportedChoice, ...]:
    names = dict.fromkeys(part.strip()[:LONGEST_CHOICE] for part in text.split(",") if part.strip())
    return tuple(ImportedChoice(name=name) for name in list(names)[:MOST_CHOICES])
