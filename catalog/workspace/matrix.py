"""The variant matrix of a product: a page of its variants, filtered, with what can be changed in each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language

from catalog.models import PUBLIC, EffectivePrice, OptionValue, Product, Variant
from catalog.stock import MOST_IN_A_MARKET
from catalog.workspace.matrix_rows import COLUMNS, Column, MatrixRow, RowForm, cells_of, stamp_of
from catalog.workspace.screens import PER_PAGE, Links, links_of
from core.money import Money
from markets.models import Market

MOST_VALUES = 300
"""Values of an option that are offered to choose from: more are found in the option's own table."""


@dataclass(frozen=True, kw_only=True)
class ValueChoice:
    """A value to filter by or to combine. `used` says that a variant of the product has it."""

    pk: int
    code: str
    name: str
    used: bool
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class OptionColumn:
    """An option of the product with its values."""

    pk: int
    code: str
    name: str
    values: tuple[ValueChoice, ...]

    @property
    def used(self) -> tuple[ValueChoice, ...]:
        """The values that variants have."""
        return tuple(value for value in self.values if value.used)

    @property
    def others(self) -> tuple[ValueChoice, ...]:
        """The values no variant has."""
        return tuple(value for value in self.values if not value.used)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """One page of the matrix."""

    product: Product
    name: str
    options: tuple[OptionColumn, ...]
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    statuses: tuple[tuple[str, str], ...]
    market: str
    q: str
    status: str
    is_filtered: bool
    kept: str
    links: Links

    @property
    def refused(self) -> tuple[MatrixRow, ...]:
        """Rows that were not saved."""
        return tuple(row for row in self.rows if row.refusals)


def matrix(
    product: Product, params: QueryDict, bound: Mapping[int, RowForm] | None = None, *, only: int | None = None
) -> Matrix:
    """The page its address asks for; `bound` rows stand as they were typed. Eight queries, whatever the size.

    `only` is the one variant to show, whatever the filter.
    """
    language = get_language() or "en"
    options = options_of(product, language, params)
    found = _variants(product).filter(pk=only) if only else _filtered(product, options, params)
    page = Paginator(found, PER_PAGE).get_page(params.get("page"))
    variants = list(page.object_list)
    market = Market.objects.filter(active=True).order_by("position", "pk").first()
    prices = _prices(variants, market)
    kept = {name: params.getlist(name) for name in params if name != "page" and params.get(name)}
    query = params.copy()
    return Matrix(
        product=product,
        name=product.text("name", language),
        options=options,
        columns=COLUMNS,
        rows=tuple(_row(variant, options, prices, (bound or {}).get(variant.pk)) for variant in variants),
        statuses=tuple((str(value), str(label)) for value, label in Variant.Status.choices),
        market=market.code.upper() if market else "",
        q=params.get("q", ""),
        status=params.get("status", ""),
        is_filtered=bool(kept),
        kept=query.urlencode(),
        links=links_of(page, kept),
    )


def options_of(product: Product, language: str, params: QueryDict) -> tuple[OptionColumn, ...]:
    """The product's options with their values: those in use first named as such. Three queries."""
    rows = list(product.options.select_related("option_type").order_by("position", "pk"))
    used = set(
        Variant.objects.filter(product=product)
        .exclude(status=Variant.Status.ARCHIVED)
        .order_by()
        .values_list("option_values__option_value_id", flat=True)
        .distinct()
    )
    values: dict[int, list[OptionValue]] = {row.option_type_id: [] for row in rows}
    for value in OptionValue.objects.filter(option_type__in=values).order_by("position", "pk"):
        values[value.option_type_id].append(value)
    return tuple(
        OptionColumn(
            pk=row.option_type_id,
            code=row.option_type.code,
            name=row.option_type.text("name", language),
            values=_choices(values[row.option_type_id], used, params.getlist(f"v-{row.option_type.code}"), language),
        )
        for row in rows
    )


def _choices(values: list[OptionValue], used: set[int], chosen: list[str], language: str) -> tuple[ValueChoice, ...]:
    first = sorted(values, key=lambda value: value.pk not in used)[:MOST_VALUES]
    return tuple(
        ValueChoice(
            pk=value.pk,
            code=value.code,
            name=value.text("name", language),
            used=value.pk in used,
            chosen=value.code in chosen,
        )
        for value in first
    )


def _variants(product: Product) -> QuerySet[Variant]:
    return product.variants.annotate(sellable=MOST_IN_A_MARKET).order_by("position", "pk")


def _filtered(product: Product, options: tuple[OptionColumn, ...], params: QueryDict) -> QuerySet[Variant]:
    rows = _variants(product)
    wanted = [value.pk for option in options for value in option.values if value.chosen]
    if wanted:
        rows = rows.filter(value_ids__contains=wanted)
    if params.get("status") in Variant.Status.values:
        rows = rows.filter(status=params["status"])
    text = params.get("q", "").strip()
    if text:
        rows = rows.filter(sku__icontains=text)
    return rows


def _prices(variants: list[Variant], market: Market | None) -> dict[int, Money]:
    rows = EffectivePrice.objects.filter(variant__in=variants, market=market, audience_key=PUBLIC, min_qty=1)
    return {row.variant_id: row.amount for row in rows}


def _row(
    variant: Any, options: tuple[OptionColumn, ...], prices: Mapping[int, Money], form: RowForm | None
) -> MatrixRow:
    mine = set(variant.value_ids)
    names = (next((value.name for value in option.values if value.pk in mine), "") for option in options)
    return MatrixRow(
        pk=variant.pk,
        sku=variant.sku,
        options=tuple(names),
        cells=cells_of(variant, form),
        stamp=stamp_of(variant.updated),
        price=prices.get(variant.pk),
        available=variant.sellable or 0,
        is_fixed=variant.sku_fixed,
        refusals=_refusals(form) if form else (),
    )


def _refusals(form: RowForm) -> tuple[str, ...]:
    """Why the row was not saved, most general first."""
    general = [str(error) for error in form.non_field_errors()]
    named = [f"{column.label}: {error}" for column in COLUMNS for error in form.errors.get(column.name, [])]
    if "stamp" in form.errors:
        general.append(str(form.errors["stamp"][0]))
    return (*general, *named)
