"""What products say in each language, and where each text counts for search.

Everything here is asked once per product or batch and language, not once per product, language and field: languages
mostly fall back to one another, and categories, brands and choices come again with every product.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import strip_tags
from modeltrans.conf import get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.models import (
    AttributeDef,
    AttributeOption,
    Category,
    OptionValue,
    Product,
    ProductAttribute,
    Translated,
    Variant,
)
from catalog.search.languages import spoken
from catalog.search.vectors import Field, Said

OPENING_WORDS = 40
"""Where there is no summary, so much of the description stands for one."""
MOST_WORDS = 400
"""Of a long description only the beginning is searched: what comes later is about anything."""


@dataclass(frozen=True)
class Around:
    """What belongs to a batch of products, loaded once."""

    categories: Mapping[int, Category]
    values: Mapping[int, OptionValue]
    variants: Mapping[int, Sequence[Variant]]
    details: Mapping[int, Sequence[ProductAttribute]]
    attributes: Mapping[int, AttributeDef]
    options: Mapping[int, AttributeOption]
    markets: Mapping[int, list[int]]


@dataclass(frozen=True)
class _Told:
    """What of a product is the same in every language: its rows, and texts that are nobody's language."""

    shelves: Sequence[Category]
    values: Sequence[OptionValue]
    details: Sequence[Said | tuple[Translated, str]]
    names: Sequence[Said]
    tags: Sequence[Said]
    skus: Sequence[Said]


class Texts:
    """The texts of a batch of products. Equal texts of one language are one `Said`."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._own = get_default_language()
        self._said: dict[tuple[str, str], Said] = {}
        self._ways: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
        self._cuts: dict[tuple[Said, int], Said] = {}

    def fields(self, product: Product, languages: Iterable[str]) -> dict[tuple[Field, ...], list[str]]:
        """Which languages say what: those that fall back to the same words are one group."""
        told = self._told(product)
        groups: dict[tuple[Field, ...], list[str]] = {}
        for language in languages:
            groups.setdefault(self._fields(product, told, language), []).append(language)
        return groups

    def _fields(self, product: Product, told: _Told, language: str) -> tuple[Field, ...]:
        """Where each text counts. What is nobody's language (brands, codes) is the default one's."""
        shelves = [self._row(row, "name", language) for row in told.shelves]
        summary = self._row(product, "summary", language)
        description = self._cut(self._row(product, "description", language), MOST_WORDS)
        opening = summary if summary.text.strip() else self._cut(description, OPENING_WORDS)
        values = [self._row(row, "name", language) for row in told.values]
        search_words = self._row(product, "search_words", language)
        points = self._row(product, "selling_points", language)
        details = [row if isinstance(row, Said) else self._row(*row, language) for row in told.details]
        return (
            Field("name", (self._row(product, "name", language),)),
            Field("kind", tuple(shelves[:1])),
            Field("near", (*told.names, search_words, *told.tags)),
            Field("about", (opening, *shelves[1:], *values)),
            Field("far", (*details, points, description, *told.skus)),
        )

    def _told(self, product: Product) -> _Told:
        around = self._around
        variants = around.variants.get(product.pk, ())
        values = dict.fromkeys(pk for row in variants for pk in row.value_ids if pk in around.values)
        brand = product.brand.name if product.brand else ""
        return _Told(
            shelves=self._shelves(product),
            values=[around.values[pk] for pk in values],
            details=list(self._details(product)),
            names=[self._of(brand, self._own), self._of(product.model_code, self._own)],
            tags=[self._of(tag, self._own) for tag in product.tags],
            skus=[self._of(row.sku, self._own) for row in variants],
        )

    def _shelves(self, product: Product) -> list[Category]:
        """The main category, then those above it and the others."""
        found: dict[int, Category] = {}
        waiting = [*(row.pk for row in product.categories.all()), product.primary_category_id]
        while waiting:
            category = self._around.categories.get(waiting.pop() or 0)
            if category is not None and category.pk not in found:
                found[category.pk] = category
                waiting.append(category.parent_id)
        return list(found.values())

    def _details(self, product: Product) -> Iterator[Said | tuple[Translated, str]]:
        """What is true of it in words: choices and texts; of searchable attributes also numbers and what it has."""
        around = self._around
        for row in around.details.get(product.pk, ()):
            attribute = around.attributes[row.attribute_id]
            if row.option_id is not None:
                yield around.options[row.option_id], "name"
            elif row.text_value:
                yield row, "text_value"
            elif not attribute.searchable:
                continue
            elif row.bool_value:
                yield attribute, "name"
            elif row.number is not None:
                yield self._of(_measure(row.number, attribute.unit), self._own)

    def _row(self, row: Translated, field: str, language: str) -> Said:
        """The words of a field with the language they are in."""
        i18n = row.i18n or {}
        for code, key in self._ways_to(field, language):
            text = i18n.get(key) if key else getattr(row, field)
            if text:
                return self._of(text, code)
        return self._of("", self._own)

    def _ways_to(self, field: str, language: str) -> tuple[tuple[str, str], ...]:
        """The languages to look in, each with the field's name in `i18n`; without one for the column itself."""
        ways = self._ways.get((field, language))
        if ways is None:
            ways = self._ways[field, language] = tuple(
                (code, "" if code == self._own else build_localized_fieldname(field, code)) for code in spoken(language)
            )
        return ways

    def _of(self, text: str, language: str) -> Said:
        said = self._said.get((text, language))
        if said is None:
            said = self._said[text, language] = Said(text, language)
        return said

    def _cut(self, said: Said, most: int) -> Said:
        cut = self._cuts.get((said, most))
        if cut is None:
            words = strip_tags(said.text.replace("<", " <")).split()[:most]
            cut = self._cuts[said, most] = self._of(" ".join(words), said.language)
        return cut


def _measure(number: Decimal, unit: str) -> str:
    return f"{number.normalize():f} {unit}"
