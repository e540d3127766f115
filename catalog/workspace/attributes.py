"""Definitions of details as operators see them: what each holds, who uses it, its choices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import QueryDict

from catalog.models import AttributeDef, AttributeOption, CategoryFacet, Product, ProductAttribute
from catalog.workspace.screens import PER_PAGE, Links, links_of

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class AttributeRow:
    """A line of the list."""

    attribute: AttributeDef
    name: str
    types: tuple[str, ...]
    options: int
    products: int


@dataclass(frozen=True, kw_only=True)
class AttributeList:
    """A page of definitions."""

    rows: tuple[AttributeRow, ...]
    links: Links
    text: str


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Who uses a definition. `without` counts products of its types that say nothing of it."""

    products: int
    examples: tuple[Product, ...]
    categories: tuple[str, ...]
    types: tuple[str, ...]
    without: int | None


@dataclass(frozen=True, kw_only=True)
class OptionPage:
    """A page of the choices; each knows by `uses` how many products have it."""

    options: tuple[AttributeOption, ...]
    links: Links


def attribute_list(params: QueryDict, language: str) -> AttributeList:
    """Definitions by text, a page at a time. Six queries."""
    text = params.get("q", "").strip()
    rows = AttributeDef.objects.order_by("position", "pk").prefetch_related("product_types")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    found: list[AttributeDef] = list(page.object_list)
    options = _counts(AttributeOption.objects.filter(attribute__in=found).values("attribute"), "pk")
    products = _products_of(found)
    return AttributeList(
        rows=tuple(
            AttributeRow(
                attribute=row,
                name=row.text("name", language),
                types=tuple(kind.name for kind in row.product_types.all()),
                options=options.get(row.pk, 0),
                products=products.get(row.pk, 0),
            )
            for row in found
        ),
        links=links_of(page, {"q": text} if text else {}),
        text=text,
    )


def usage_of(attribute: AttributeDef, language: str) -> Usage:
    """Who uses it. Six queries at most."""
    values = ProductAttribute.objects.filter(attribute=attribute)
    users = values.order_by().values("product").distinct()
    types = list(attribute.product_types.all())
    facets = CategoryFacet.objects.filter(facet__attribute=attribute).select_related("category")
    meant = Product.objects.filter(product_type__in=types).exclude(status=Product.Status.ARCHIVED)
    return Usage(
        products=users.count(),
        examples=tuple(Product.objects.filter(pk__in=users).order_by("-pk")[:SHOWN]),
        categories=tuple(row.category.text("name", language) for row in facets[:SHOWN]),
        types=tuple(kind.name for kind in types),
        without=meant.exclude(pk__in=users).count() if types else None,
    )


def option_page(attribute: AttributeDef, params: QueryDict) -> OptionPage:
    """Its choices, a page at a time. Three queries."""
    rows = AttributeOption.objects.filter(attribute=attribute).order_by("position", "pk")
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    found = list(page.object_list)
    uses = _counts(ProductAttribute.objects.filter(option__in=found).values("option"), "product")
    for row in found:
        row.uses = uses.get(row.pk, 0)  # type: ignore[attr-defined]  # for the table
    return OptionPage(options=tuple(found), links=links_of(page, {}))


def _products_of(attributes: Sequence[AttributeDef]) -> dict[int, int]:
    """How many products say something of each. Only of choices a product can have several: the rest is rows."""
    several = {row.pk for row in attributes if row.data_type == AttributeDef.DataType.ENUM}
    values = ProductAttribute.objects.order_by()
    alone = values.filter(attribute__in={row.pk for row in attributes} - several).values("attribute")
    rows: Iterable[tuple[int, int]] = alone.annotate(n=Count("*")).values_list("attribute", "n")
    return dict(rows) | _counts(values.filter(attribute__in=several).values("attribute"), "product")


def _counts(grouped: Any, counted: str) -> dict[int, int]:
    rows: Sequence[Mapping[str, int]] = grouped.annotate(n=Count(counted, distinct=True)).order_by()
    return {next(value for key, value in row.items() if key != "n"): row["n"] for row in rows}
