"""The vocabulary rows of a file: what the codes its products use stand for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from catalog.importers.drafts import (
    ImportedAttribute,
    ImportedBrand,
    ImportedCategory,
    ImportedChoice,
    ImportedContact,
    ImportedPriceList,
    ImportedType,
)
from catalog.importers.errors import RowsRefused
from catalog.importers.formats import Row
from catalog.importers.portolan import cells
from catalog.importers.portolan.groups import Cells, Header, unknown_kind

DATA_TYPES = ("enum", "number", "bool", "text", "date")
TYPE_KINDS = ("physical", "virtual", "giftcard", "service")
LIST_KINDS = ("base", "sale", "tier", "member", "flash", "contract", "group_buy")
MOST_STEPS = 30


class Vocabulary:
    """Words by their codes. They stand before the products that use them."""

    def __init__(self, header: Header, language: str) -> None:
        self._header, self._language = header, language
        self.types: dict[str, ImportedType] = {}
        self.brands: dict[str, ImportedBrand] = {}
        self.contacts: dict[str, ImportedContact] = {}
        self.options: dict[str, tuple[ImportedChoice, str]] = {}
        self.values: dict[tuple[str, str], ImportedChoice] = {}
        self.attributes: dict[str, ImportedAttribute] = {}
        self.choices: dict[tuple[str, str], ImportedChoice] = {}
        self.lists: dict[str, ImportedPriceList] = {}
        self._shelves: dict[str, tuple[str, ImportedCategory]] = {}

    def add(self, row: Row) -> None:
        """Remember what a row says. Raises `RowsRefused`."""
        kinds: dict[str, Callable[[Cells, str], None]] = {
            "type": self._type,
            "brand": self._brand,
            "contact": self._contact,
            "category": self._category,
            "option": self._option,
            "value": self._value,
            "attribute": self._attribute,
            "choice": self._choice,
            "price_list": self._price_list,
        }
        here = Cells(row)
        understand = kinds.get(row.get("row").strip().lower())
        code = here.text("code")
        if understand is None or not code:
            nameless = row.wrong("code", _("This row needs a code."))
            raise RowsRefused(unknown_kind(row) if understand is None else nameless)
        understand(here, code)
        if here.problems:
            raise RowsRefused(*here.problems)

    def category(self, code: str, *, depth: int = 0) -> ImportedCategory | None:
        """A category with everything above it; None when no row speaks of it."""
        if code not in self._shelves or depth > MOST_STEPS:
            return None
        parent, said = self._shelves[code]
        above = self.category(parent, depth=depth + 1) if parent else None
        steps = (*(above.steps if above else (parent,) if parent else ()), code)
        return replace(said, steps=steps, codes=steps, create=True, is_definition=True, above=above)

    def _words(self, here: Cells, name: str) -> dict[str, str]:
        titles = self._header.families.get(name, ())
        words = {(title.parts[0] if title.parts else self._language): here.text(title.code) for title in titles}
        return {language: text for language, text in words.items() if text}

    def _name(self, here: Cells, code: str) -> str:
        names = self._words(here, "name")
        return names.get(self._language) or next(iter(names.values()), code)

    def _type(self, here: Cells, code: str) -> None:
        ships = here.value("ships", cells.yes_or_no)
        self.types[code] = ImportedType(
            code=code,
            name=self._name(here, code),
            kind=here.value("kind", cells.one_of(*TYPE_KINDS)) or "physical",
            requires_shipping=True if ships is None else ships,
        )

    def _brand(self, here: Cells, code: str) -> None:
        self.brands[code] = ImportedBrand(
            name=self._name(here, code), code=code, stories=self._words(here, "description")
        )

    def _contact(self, here: Cells, code: str) -> None:
        self.contacts[code] = ImportedContact(
            name=self._name(here, code),
            code=code,
            postal_address=here.text("address"),
            country=here.text("country").upper(),
            email=here.text("email"),
            website=here.text("website"),
        )

    def _category(self, here: Cells, code: str) -> None:
        said = ImportedCategory(
            steps=(code,),
            names=self._words(here, "name"),
            descriptions=self._words(here, "description"),
            position=here.value("position", cells.whole),
        )
        self._shelves[code] = (here.text("parent"), said)

    def _named(self, here: Cells, code: str) -> ImportedChoice:
        return ImportedChoice(
            name=code,
            code=code,
            names=self._words(here, "name"),
            hex=here.text("colour").lower() or None,
            position=here.value("position", cells.whole),
        )

    def _option(self, here: Cells, code: str) -> None:
        self.options[code] = (self._named(here, code), here.text("input").lower())

    def _value(self, here: Cells, code: str) -> None:
        self.values[here.text("parent"), code] = self._named(here, code)

    def _attribute(self, here: Cells, code: str) -> None:
        facts: dict[str, Any] = {
            name: here.value(name, cells.yes_or_no) for name in ("filterable", "searchable", "comparable")
        }
        self.attributes[code] = ImportedAttribute(
            name=self._name(here, code),
            code=code,
            names=self._words(here, "name"),
            data_type=here.value("data_type", cells.one_of(*DATA_TYPES)) or "text",
            unit=here.text("unit"),
            section=here.text("section").lower(),
            position=here.value("position", cells.whole),
            is_definition=True,
            **facts,
        )

    def _choice(self, here: Cells, code: str) -> None:
        self.choices[here.text("parent"), code] = self._named(here, code)

    def _price_list(self, here: Cells, code: str) -> None:
        self.lists[code] = ImportedPriceList(
            code=code,
            market=here.text("market"),
            name=self._name(here, code),
            kind=here.value("kind", cells.one_of(*LIST_KINDS)) or "base",
            priority=here.value("priority", cells.whole) or 0,
            audience_key=here.text("audience") or "public",
            begins=here.value("begins", cells.moment),
            ends=here.value("ends", cells.moment),
            parent=here.text("parent") or None,
            adjust_bp=here.value("adjust_bp", cells.whole),
            charm_rule=here.value("price_ending", cells.rule),
        )
