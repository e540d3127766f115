"""The variants of a product: one row each, as far as the row says anything of a variant."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from catalog.drafts import VariantDraft
from catalog.importers.cells import price as read_price
from catalog.importers.drafts import (
    ImportedChoice,
    ImportedComponent,
    ImportedOption,
    ImportedPicture,
    ImportedPrice,
    ImportedVariant,
)
from catalog.importers.portolan import cells
from catalog.importers.portolan.groups import Cells, Emptied, Header
from catalog.importers.portolan.kinds import read_downloads, read_presale
from catalog.importers.portolan.words import Vocabulary
from core.money import Money

if TYPE_CHECKING:
    from catalog.importers.portolan.products import Table

STATUSES = ("active", "draft", "archived")
UNITS = ("ml", "l", "g", "kg", "m")
FACTS: dict[str, tuple[str, Callable[[str], Any], Any]] = {
    "variant_status": ("status", cells.one_of(*STATUSES), "active"),
    "position": ("position", cells.whole, 0),
    "gtin": ("gtin", str, ""),
    "weight_g": ("weight_g", cells.whole, 0),
    "length_mm": ("length_mm", cells.whole, None),
    "width_mm": ("width_mm", cells.whole, None),
    "height_mm": ("height_mm", cells.whole, None),
    "content": ("content_amount", cells.decimal, None),
    "content_unit": ("content_unit", cells.one_of(*UNITS), ""),
    "hs_code": ("hs_code", cells.digits, None),
    "origin": ("origin_country", str.upper, None),
    "customs_description": ("customs_description", str, ""),
    "battery": ("battery_flag", cells.yes_or_no, False),
    "restrictions": ("restricted_flags", cells.items, ()),
    "purchase_limit": ("purchase_limit", cells.whole, None),
    "max_per_cart": ("max_cart_qty", cells.whole, None),
}
"""Column: the field of the draft, how it is read, and what an emptied one becomes."""


def read_options(rows: Sequence[Cells], header: Header, words: Vocabulary) -> tuple[ImportedOption, ...] | None:
    """The options the rows name, with every value they use; None when they name none."""
    found = []
    for title in header.families.get("option", ()):
        number = title.parts[0]
        name = next((row.text(title.code) for row in rows if row.says(title.code)), "")
        values = tuple(dict.fromkeys(text for row in rows if (text := row.text(f"value[{number}]"))))
        if name and values:
            found.append(_option(name, values, words))
    return tuple(found) or None


def read_variants(
    rows: Sequence[Cells], table: "Table", options: tuple[ImportedOption, ...] | None
) -> tuple[ImportedVariant, ...]:
    """A variant per row that says something of one."""
    of_variants = [code for code in table.header.of_variants if not code.startswith("option[")]
    names = _names_by_number(rows, table.header) if options else {}
    mine = [row for row in rows if any(row.says(code) for code in of_variants)]
    return tuple(_variant(row, table, names) for row in mine)


def _option(name: str, values: tuple[str, ...], words: Vocabulary) -> ImportedOption:
    defined = words.options.get(name)
    choices = tuple(words.values.get((name, value), ImportedChoice(name=value)) for value in values)
    if defined is None:
        return ImportedOption(name=name, values=values, choices=choices)
    said, shown_as = defined
    return ImportedOption(
        name=name,
        values=values,
        code=said.code,
        names=said.names,
        input=shown_as,
        position=said.position,
        choices=choices,
        is_definition=True,
    )


def _names_by_number(rows: Sequence[Cells], header: Header) -> dict[str, str]:
    return {
        title.parts[0]: name
        for title in header.families.get("option", ())
        if (name := next((row.text(title.code) for row in rows if row.says(title.code)), ""))
    }


def _variant(row: Cells, table: "Table", names: Mapping[str, str]) -> ImportedVariant:
    facts, told = _facts(row)
    pictures = tuple(
        ImportedPicture(line=row.row.line, url=url)
        for title in table.header.families.get("variant_image", ())
        if (url := row.text(title.code))
    )
    price, compare_at = _price_of_the_import(row, table)
    return ImportedVariant(
        line=row.row.line,
        draft=VariantDraft(sku=row.text("sku"), **facts),
        values={name: value for number, name in names.items() if (value := row.text(f"value[{number}]"))},
        price=price,
        compare_at=compare_at,
        prices=_prices(row, table),
        stock={
            title.parts[0]: pieces
            for title in table.header.families.get("stock", ())
            if (pieces := row.value(title.code, cells.whole)) is not None
        },
        pictures=pictures or None,
        components=_components(row, table.header),
        presale=read_presale(row),
        downloads=read_downloads(row, table.header),
        told=told,
    )


def _facts(row: Cells) -> tuple[dict[str, Any], frozenset[str]]:
    facts: dict[str, Any] = {}
    for column, (name, reader, empty) in FACTS.items():
        found = row.read(column, reader)
        if found is not None:
            facts[name] = empty if isinstance(found, Emptied) else found
    return facts, frozenset(facts)


def _price_of_the_import(row: Cells, table: "Table") -> tuple[Money | None, Money | None]:
    currency = table.setting.currency
    return row.value("price", read_price(currency)), row.value("compare_at", read_price(currency))


def _prices(row: Cells, table: "Table") -> tuple[ImportedPrice, ...]:
    found = []
    for title in table.header.families.get("price", ()):
        if not title.parts or not row.says(title.code):
            continue
        code, _at, quantity = title.parts[0].partition("@")
        currency = _currency(code, table)
        if currency is None:
            row.wrong(title.code, _("There is no price list “%(code)s”.") % {"code": code})
            continue
        amount = row.read(title.code, read_price(currency))
        if amount is not None:
            found.append(
                ImportedPrice(
                    amount=None if isinstance(amount, Emptied) else amount,
                    list_code=code,
                    min_qty=int(quantity or 1),
                    column=title.code,
                )
            )
    return tuple(found)


def _currency(code: str, table: "Table") -> str | None:
    """Of a list the shop has, or of one that a row of the file opens in a market."""
    opened = table.words.lists.get(code)
    return table.currencies.get(code) or (table.currencies.get(f"market:{opened.market}") if opened else None)


def _components(row: Cells, header: Header) -> tuple[ImportedComponent, ...] | None:
    found = []
    for title in header.families.get("component", ()):
        number, sku = title.parts[0], row.text(title.code)
        if not sku:
            continue
        weight = row.value(f"component_weight[{number}]", cells.whole)
        found.append(
            ImportedComponent(
                sku=sku,
                quantity=row.value(f"component_quantity[{number}]", cells.whole) or 1,
                price_weight=1 if weight is None else weight,
                optional=row.value(f"component_optional[{number}]", cells.yes_or_no) or False,
            )
        )
    return tuple(found) or None
