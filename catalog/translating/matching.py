"""Which texts somebody asks for, and how many there are of each kind: one grouping query answers both."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import Count, Q, QuerySet, Sum

from catalog.derived.facets import EVERYTHING
from catalog.models import Category, FacetDef, FacetRow, Product, SourceText
from catalog.translating.registry import target_languages, translatable, translatables
from catalog.translating.standing import Standing, pattern, read

PRODUCT = Product._meta.label_lower
MOST_PATTERNS = 500
"""With more kinds of texts than this their list is longer than the search it replaces."""


@dataclass(frozen=True, kw_only=True)
class TextFilter:
    """Which texts. Empty says nothing. Category, status and market keep products only; a category brings those below.

    A standing without a language holds when any language stands so.
    """

    language: str = ""
    model: str = ""
    field: str = ""
    standing: str = ""
    category: str = ""
    status: str = ""
    market: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From an address or a job's parameters; what cannot be understood is left out."""
        known = {name: str(given.get(name) or "") for name in cls.__dataclass_fields__}
        if known["language"] not in target_languages():
            known["language"] = ""
        if translatable(known["model"]) is None:
            known["model"] = ""
        if known["standing"] not in {str(each) for each in Standing}:
            known["standing"] = ""
        if known["status"] not in Product.Status.values:
            known["status"] = ""
        return cls(**known)

    @property
    def asked(self) -> dict[str, str]:
        """What it says, for addresses and jobs."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_about_products(self) -> bool:
        """Whether it asks for something only products have."""
        return bool(self.category or self.status or self.market)


@dataclass(frozen=True)
class Tally:
    """Texts of one field that stand alike in every language: how many, with how many words."""

    model: str
    field: str
    states: str
    texts: int
    words: int

    def standing(self, language: str) -> Standing:
        """Where they all stand in a language."""
        return read(self.states).get(language, Standing.MISSING)


def tallies_of(asked: TextFilter) -> tuple[Tally, ...]:
    """Everything the filter leaves, grouped; its language and standing are not looked at. One query."""
    rows = (
        _outside(asked, every=True)
        .order_by()
        .values_list("model", "field", "states")
        .annotate(texts=Count("*"), counted=Sum("words"))
    )
    return tuple(tally for tally in (Tally(*row) for row in rows) if translatable(tally.model) is not None)


def fits(tally: Tally, asked: TextFilter) -> bool:
    """Whether texts of this kind stand as the filter says."""
    if not asked.standing:
        return True
    languages = (asked.language,) if asked.language else target_languages()
    return any(tally.standing(language) == asked.standing for language in languages)


def texts_of(asked: TextFilter, tallies: Iterable[Tally] | None = None) -> QuerySet[SourceText]:
    """The texts that fit. Known tallies turn the search for a standing into a look-up by index."""
    found = _outside(asked)
    if not asked.standing:
        return found
    if tallies is not None:
        kinds = {tally.states for tally in tallies if fits(tally, asked)}
        if len(kinds) <= MOST_PATTERNS:
            return found.filter(states__in=sorted(kinds))
    where = Standing(asked.standing)
    either = Q()
    for language in (asked.language,) if asked.language else target_languages():
        has = Q(states__contains=pattern(language, where))
        either |= ~has if where is Standing.MISSING else has
    return found.filter(either)


def _outside(asked: TextFilter, *, every: bool = False) -> QuerySet[SourceText]:
    """What the filter leaves besides standings; with `every`, also texts of models nobody registers any more."""
    found = SourceText.objects.all()
    if asked.model:
        found = found.filter(model=asked.model)
    elif not every and not asked.is_about_products:
        found = found.filter(model__in=[entry.key for entry in translatables()])
    if asked.field:
        found = found.filter(field=asked.field)
    if asked.q:
        found = found.filter(label__icontains=asked.q)
    if asked.is_about_products:
        found = found.filter(model=PRODUCT, object_id__in=_products(asked).values("pk"))
    return found


def _products(asked: TextFilter) -> QuerySet[Product]:
    products = Product.objects.all()
    if asked.status:
        products = products.filter(status=asked.status)
    if asked.category:
        shelves = _with_those_below(asked.category)
        also = Product.categories.through.objects.filter(category_id__in=shelves).values("product_id")
        products = products.filter(Q(primary_category_id__in=shelves) | Q(pk__in=also))
    if asked.market:
        seen = FacetRow.objects.filter(
            market__code=asked.market, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING
        )
        products = products.filter(pk__in=seen.values("product_id"))
    return products


def _with_those_below(code: str) -> list[int]:
    """A category and all below it. One query: categories are few."""
    rows = list(Category.objects.values_list("pk", "parent_id", "code"))
    found = {pk for pk, _parent, own in rows if own == code}
    grown = True
    while grown:
        more = {pk for pk, parent, _own in rows if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)
