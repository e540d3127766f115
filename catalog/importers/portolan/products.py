"""The rows of one product become one product, or a list of what is wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.drafts import ProductDraft
from catalog.importers.drafts import (
    ImportedBrand,
    ImportedCategory,
    ImportedContact,
    ImportedOffer,
    ImportedPicture,
    ImportedProduct,
    ImportedType,
)
from catalog.importers.errors import RowsRefused
from catalog.importers.formats import Setting
from catalog.importers.portolan import cells
from catalog.importers.portolan.columns import Title
from catalog.importers.portolan.details import read_details
from catalog.importers.portolan.groups import Cells, Emptied, Group, Header
from catalog.importers.portolan.variants import read_options, read_variants
from catalog.importers.portolan.words import Vocabulary

TEXTS = (
    "name", "summary", "description", "selling_points", "usage_notes", "safety_warnings", "search_words",
    "meta_title", "meta_description",
)  # fmt: skip
STATUSES = ("active", "draft", "archived")
ROLES = ("gallery", "scale", "life")
FACTS: dict[str, tuple[str, Callable[[str], Any], Any]] = {
    "kind": ("kind", cells.one_of("simple", "bundle"), "simple"),
    "tax_category": ("tax_category", str, "standard"),
    "model": ("model_code", str, ""),
    "tags": ("tags", cells.items, ()),
    "merchant": ("merchant_code", str, ""),
    "released_at": ("released_at", cells.moment, None),
    "preorder_until": ("preorder_until", cells.moment, None),
    "new_until": ("new_until", cells.day, None),
    "rank": ("featured_rank", cells.whole, 1000),
}
"""Column: the field of the draft, how it is read, and what an emptied one becomes."""


@dataclass(frozen=True)
class Table:
    """What is the same for every product of a file."""

    header: Header
    words: Vocabulary
    setting: Setting
    currencies: Mapping[str, str]
    """Of the price lists the shop has, and of its markets."""
    data_types: Mapping[str, str]
    """Of the attributes the shop has."""


def read_product(group: Group, table: Table) -> ImportedProduct:
    """The product of a group. Raises `RowsRefused` naming every cell that keeps it out."""
    reading = Reading(group, table)
    if not group.code:
        raise RowsRefused(group.rows[0].wrong("product", _("The row does not say which product it belongs to.")))
    product = reading.product()
    if reading.problems:
        raise RowsRefused(*reading.problems)
    return product


class Reading:
    """One product being read; what is wrong is collected on the way."""

    def __init__(self, group: Group, table: Table) -> None:
        self._group, self._table = group, table
        self._rows = [Cells(row) for row in group.rows]
        self._by_row = {id(each.row): each for each in self._rows}
        self._told: set[str] = set()

    @property
    def problems(self) -> list[Any]:
        """Everything that is wrong with the rows."""
        return [problem for row in self._rows for problem in row.problems]

    def product(self) -> ImportedProduct:
        """Everything the rows say."""
        words = self._table.words
        draft = self._draft()
        options = read_options(self._rows, self._table.header, words)
        status = self._value("status", cells.one_of(*STATUSES)) or ""
        if status:
            self._told.add("status")
        return ImportedProduct(
            line=self._group.rows[0].line,
            draft=draft,
            options=options,
            variants=read_variants(self._rows, self._table, options),
            pictures=self._pictures(),
            status=status,
            told=frozenset(self._told),
            product_type=self._type(),
            brand=self._brand(),
            maker=self._contact("maker", "maker"),
            responsible_person=self._contact("responsible", "responsible_person"),
            category=self._category(),
            further_categories=self._further(),
            details=read_details(self._titles("attribute"), self._at, self._table),
            offers=self._offers(),
            price_lists=tuple(words.lists.values()),
        )

    def _draft(self) -> ProductDraft:
        facts: dict[str, Any] = {}
        for column, (name, reader, empty) in FACTS.items():
            found = self._at(column).read(column, reader)
            if found is not None:
                facts[name] = empty if isinstance(found, Emptied) else found
                self._told.add(name)
        return ProductDraft(
            code=self._group.code,
            product_type="",
            texts={name: words for name in TEXTS if (words := self._words(name))},
            slugs=self._words("slug"),
            **facts,
        )

    def _words(self, name: str) -> dict[str, str]:
        """Words per language; an emptied cell is an empty text."""
        found = {}
        for title in self._titles(name):
            here = self._at(title.code)
            if here.says(title.code):
                language = title.parts[0] if title.parts else self._table.setting.language
                found[language] = here.text(title.code)
        return found

    def _type(self) -> ImportedType | None:
        code = self._text("type")
        return (self._table.words.types.get(code) or ImportedType(code=code, name=code)) if code else None

    def _brand(self) -> ImportedBrand | None:
        if self._at("brand").empties("brand"):
            self._told.add("brand")
        code = self._text("brand")
        return (self._table.words.brands.get(code) or ImportedBrand(name=code)) if code else None

    def _contact(self, column: str, field: str) -> ImportedContact | None:
        if self._at(column).empties(column):
            self._told.add(field)
        code = self._text(column)
        return (self._table.words.contacts.get(code) or ImportedContact(name="", code=code)) if code else None

    def _category(self) -> ImportedCategory | None:
        if self._at("category").empties("category"):
            self._told.add("primary_category")
        return self._shelf(self._text("category"))

    def _further(self) -> tuple[ImportedCategory, ...] | None:
        found = self._at("categories").read("categories", cells.items)
        if found is None or isinstance(found, Emptied):
            return None if found is None else ()
        return tuple(shelf for text in found if (shelf := self._shelf(text)))

    def _shelf(self, text: str) -> ImportedCategory | None:
        if not text:
            return None
        steps = tuple(step.strip() for step in text.split(">") if step.strip())
        return self._table.words.category(text) or (ImportedCategory(steps=steps) if steps else None)

    def _offers(self) -> tuple[ImportedOffer, ...]:
        readers: dict[str, tuple[str, Callable[[str], Any]]] = {
            "visible": ("visible", cells.yes_or_no),
            "visible_from": ("visible_from", cells.moment),
            "visible_until": ("visible_until", cells.moment),
            "copy": ("copy_html", str),
        }
        found: dict[str, dict[str, Any]] = {}
        for column, (name, reader) in readers.items():
            for title in self._titles(column):
                value = self._at(title.code).read(title.code, reader)
                if value is not None:
                    found.setdefault(title.parts[0], {})[name] = None if isinstance(value, Emptied) else value
        return tuple(ImportedOffer(market=market, told=frozenset(said), **said) for market, said in found.items())

    def _pictures(self) -> tuple[ImportedPicture, ...]:
        found = []
        for title in self._titles("image"):
            number, url = title.parts[0], self._text(title.code)
            if not url:
                continue
            alts = {
                alt.parts[1]: text
                for alt in self._titles("image_alt")
                if alt.parts[0] == number and (text := self._text(alt.code))
            }
            role = self._value(f"image_role[{number}]", cells.one_of(*ROLES)) or "gallery"
            market = self._text(f"image_market[{number}]")
            line = self._at(title.code).row.line
            found.append(ImportedPicture(line=line, url=url, alts=alts, market=market, role=role))
        return tuple(found)

    def _titles(self, name: str) -> tuple[Title, ...]:
        return self._table.header.families.get(name, ())

    def _at(self, code: str) -> Cells:
        """The row that speaks of a column."""
        return self._by_row[id(self._group.first(code))]

    def _text(self, code: str) -> str:
        return self._at(code).text(code)

    def _value(self, code: str, reader: Callable[[str], str]) -> str | None:
        return self._at(code).value(code, reader)
