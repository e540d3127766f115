"""The filters a listing can have, with their words in one language. Kept in memory; no query when warm."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from catalog.cache import remembered
from catalog.derived.facets import EVERYTHING, ON_SALE, RATINGS
from catalog.models import AttributeDef, AttributeOption, Brand, Category, CategoryFacet, FacetDef, OptionValue
from catalog.units import unit_shown

Kind = FacetDef.Kind
IN_STOCK = 1
METRIC = "metric"


@dataclass(frozen=True)
class Value:
    """One value: `id` is what derived rows hold, `key` what addresses hold."""

    id: int
    key: str
    label: str
    hex: str | None = None


@dataclass(frozen=True)
class FacetInfo:
    """One filter with all its values, in order."""

    id: int
    key: str
    label: str
    kind: str
    values: tuple[Value, ...] = ()
    by_key: Mapping[str, Value] = field(default_factory=dict)
    is_range: bool = False
    """Chosen between two numbers instead of from values."""
    unit: str = ""
    """The unit numbers are shown and chosen in."""
    stored_unit: str = ""
    """The unit products keep them in, where that is another."""


@dataclass(frozen=True)
class Vocabulary:
    """All active filters in order; `built_in` has the ids of ours by kind, also of those switched off.

    `of_categories` says which filters a category shows, by their ids in order.
    """

    facets: tuple[FacetInfo, ...]
    built_in: Mapping[str, int] = field(default_factory=dict)
    of_categories: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def shown_in(self, path: Sequence[int]) -> "Vocabulary":
        """The filters of a category: its own choice, else that of the nearest category above, else all.

        `path` are the ids from the top to the category.
        """
        chosen = next((self.of_categories[pk] for pk in reversed(path) if pk in self.of_categories), None)
        if chosen is None:
            return self
        by_id = {facet.id: facet for facet in self.facets}
        return replace(self, facets=tuple(by_id[pk] for pk in chosen if pk in by_id))

    def by_key(self, key: str) -> FacetInfo | None:
        return next((facet for facet in self.facets if facet.key == key), None)

    def of_kind(self, kind: str) -> FacetInfo | None:
        return next((facet for facet in self.facets if facet.kind == kind), None)


@dataclass(frozen=True)
class ValueInfo:
    """An option value as cards and pickers need it."""

    id: int
    type_id: int
    type_code: str
    type_label: str
    input: str
    code: str
    label: str
    hex: str | None
    position: int
    type_position: int


def vocabulary(language: str, units: str = METRIC) -> Vocabulary:
    """The filters in `language`, numbers in the units of a market."""
    return remembered(("vocabulary", language, units), lambda: _load(language, units))


def option_values(language: str) -> Mapping[int, ValueInfo]:
    """All option values in `language`, by id."""
    return remembered(("option values", language), lambda: _load_values(language))


def _load(language: str, units: str) -> Vocabulary:
    rows = list(FacetDef.objects.select_related("option_type", "attribute").order_by("position", "id"))
    values = list(option_values(language).values())
    choices = list(AttributeOption.objects.select_related("attribute").order_by("position", "id"))
    built_in = {row.kind: row.pk for row in rows if row.option_type_id is None and row.attribute_id is None}
    of_categories: dict[int, tuple[int, ...]] = {}
    for category, facet in CategoryFacet.objects.order_by("position", "pk").values_list("category_id", "facet_id"):
        of_categories[category] = (*of_categories.get(category, ()), facet)
    with override(language):
        facets = tuple(_facet(row, language, values, choices, units) for row in rows if row.active)
    return Vocabulary(facets, built_in, of_categories)


def _facet(
    row: FacetDef, language: str, values: list[ValueInfo], choices: list[AttributeOption], units: str
) -> FacetInfo:
    if row.option_type is not None:
        label = row.option_type.text("name", language)
        mine = sorted((v for v in values if v.type_id == row.option_type_id), key=lambda v: (v.position, v.id))
        found = [Value(v.id, v.code, v.label, v.hex) for v in mine]
    elif row.attribute is not None:
        label = row.attribute.text("name", language)
        found = list(_attribute_values(row, language, choices))
    else:
        label, found = _built_in(row.kind, language)
    is_number = row.attribute is not None and row.attribute.data_type == AttributeDef.DataType.NUMBER
    kept = row.attribute.unit if row.attribute is not None else ""
    shown = unit_shown(kept, units)
    return FacetInfo(
        id=row.pk,
        key=row.key,
        label=label,
        kind=row.kind,
        values=tuple(found),
        by_key={value.key: value for value in found},
        is_range=is_number or row.kind == Kind.PRICE,
        unit=shown,
        stored_unit=kept if shown != kept else "",
    )


def _attribute_values(row: FacetDef, language: str, choices: list[AttributeOption]) -> Iterable[Value]:
    if row.attribute is not None and row.attribute.data_type == "bool":
        return [Value(1, "yes", pgettext("answer", "Yes")), Value(0, "no", pgettext("answer", "No"))]
    return [
        Value(choice.pk, choice.code, choice.text("name", language))
        for choice in choices
        if choice.attribute_id == row.attribute_id
    ]


def _built_in(kind: str, language: str) -> tuple[str, list[Value]]:
    if kind == Kind.STOCK:
        return _("Availability"), [Value(IN_STOCK, "in-stock", _("In stock"))]
    if kind == Kind.PRICE:
        return _("Price"), []
    if kind == Kind.OFFER:
        return _("Offers"), [Value(ON_SALE, "sale", _("Reduced"))]
    if kind == Kind.RATING:
        stars = [Value(n, str(n), _("Rated %(stars)s and up") % {"stars": n}) for n in RATINGS]
        return _("Rating"), stars
    if kind == Kind.BRAND:
        return _("Brand"), [Value(b.pk, b.code, b.name) for b in Brand.objects.order_by("name", "id")]
    shelves = Category.objects.filter(active=True).order_by("parent_id", "position", "id")
    return _("Category"), [Value(c.pk, c.code, c.text("name", language)) for c in shelves if c.pk != EVERYTHING]


def _load_values(language: str) -> dict[int, ValueInfo]:
    rows = OptionValue.objects.select_related("option_type").order_by("option_type__position", "position", "id")
    return {
        row.pk: ValueInfo(
            id=row.pk,
            type_id=row.option_type_id,
            type_code=row.option_type.code,
            type_label=row.option_type.text("name", language),
            input=row.option_type.input,
            code=row.code,
            label=row.text("name", language),
            hex=row.hex,
            position=row.position,
            type_position=row.option_type.position,
        )
        for row in rows
    }
