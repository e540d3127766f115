"""Prices as a sheet: rows are variants and their quantities, columns are price lists."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.actions.price_sheet import Place, PriceEdit, PricesMoved, change_prices
from catalog.models import Category, Price, PriceList, Product, Variant
from catalog.workspace.amounts import AmountProblem, parse_amount, written
from catalog.workspace.screens import PER_PAGE, Links, links_of
from catalog.workspace.sheets import CELL, MOST_CELLS, NOTHING, SheetCell, Typed, base_of, numbers_of, variants_for
from core.money import Money
from core.paging import EstimatingPaginator
from markets.queries import market_choices

MOST_LISTS = 12
LARGEST_QUANTITY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A price list as a column. `follows` is the list its other prices come from."""

    pk: int
    code: str
    name: str
    market: str
    currency: str
    kind: str
    follows: str


@dataclass(frozen=True, kw_only=True)
class PriceRow:
    """A variant from a quantity on."""

    variant_id: int
    sku: str
    name: str
    min_qty: int
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, kw_only=True)
class PriceSheet:
    """One page of the sheet."""

    columns: tuple[ListColumn, ...]
    left_out: int
    rows: tuple[PriceRow, ...]
    base: str
    links: Links
    markets: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str], ...]
    product: Product | None
    product_name: str
    chosen: Mapping[str, str]
    is_filtered: bool
    errors: int


def price_sheet(params: QueryDict, typed: Typed = NOTHING) -> PriceSheet:
    """The page its address asks for, with what was typed in it. Eight queries, whatever the size."""
    language = get_language() or "en"
    chosen = {name: str(value) for name, value in params.dict().items() if name != "page" and value}
    page = EstimatingPaginator(variants_for(chosen), PER_PAGE).get_page(params.get("page"))
    variants = list(page.object_list)
    lists = list(_lists(chosen)[: MOST_LISTS + 1])
    stored = _stored(variants, lists[:MOST_LISTS])
    quantities = _quantities(variants, stored, _tier(chosen))
    fits = max(MOST_CELLS // max(sum(map(len, quantities.values())), 1), 1)
    names = Counter((row.market_id, row.name) for row in lists)
    columns = tuple(
        _column(row, is_alone=names[row.market_id, row.name] == 1) for row in lists[: min(MOST_LISTS, fits)]
    )
    rows = tuple(_rows(variants, columns, stored, quantities, typed))
    cells = [cell for row in rows for cell in row.cells]
    product = Product.objects.filter(code=chosen.get("product", "")).first() if "product" in chosen else None
    return PriceSheet(
        columns=columns,
        left_out=len(lists) - len(columns),
        rows=rows,
        base=base_of((cell.name, _base(cell, stored, typed)) for cell in cells),
        links=links_of(page, chosen),
        markets=market_choices(),
        kinds=tuple((str(value), str(label)) for value, label in PriceList.Kind.choices),
        categories=tuple((row.code, row.text("name", language)) for row in Category.objects.order_by("name")),
        product=product,
        product_name=product.text("name", language) if product else "",
        chosen=chosen,
        is_filtered=bool(chosen.keys() - {"product"}),
        errors=sum(1 for cell in cells if cell.error or cell.now),
    )


def save_prices(typed: Typed) -> tuple[Typed, int]:
    """Write the changed cells, all or none. The typed sheet with what is wrong in it, and how many prices moved."""
    changed = typed.changed
    places = {name: numbers for name in changed if (numbers := numbers_of(name, 3)) is not None}
    currencies = dict(
        PriceList.objects.filter(pk__in={place[0] for place in places.values()}).values_list("pk", "currency")
    )
    edits: list[PriceEdit] = []
    errors: dict[str, str] = {}
    for name, place in places.items():
        currency = currencies.get(place[0])
        if currency is None or not 1 <= place[2] <= LARGEST_QUANTITY:
            continue
        try:
            edits.append(_edit((place[0], place[1], place[2]), typed.base.get(name, ""), changed[name], currency))
        except AmountProblem as problem:
            errors[name] = str(problem)
    if errors:
        return replace(typed, errors=errors), 0
    try:
        return typed, change_prices(edits=edits)
    except PricesMoved as moved:
        return _moved(typed, moved.now, currencies), 0


def _edit(place: Place, seen: str, wanted: str, currency: str) -> PriceEdit:
    return PriceEdit(
        price_list_id=place[0],
        variant_id=place[1],
        min_qty=place[2],
        seen=parse_amount(seen, currency) if seen else None,
        amount=Money(parse_amount(wanted, currency), currency) if wanted else None,
    )


def _moved(typed: Typed, now: Mapping[Place, Decimal | None], currencies: Mapping[int, str]) -> Typed:
    said = {
        name_of(place): written(amount, currencies[place[0]]) if amount is not None else ""
        for place, amount in now.items()
    }
    told = {name: value or _("no price") for name, value in said.items()}
    return replace(typed, base={**typed.base, **said}, now=told)


def name_of(place: Place) -> str:
    """The name of a cell: list, variant, from quantity."""
    return f"{CELL}{place[0]}-{place[1]}-{place[2]}"


def _lists(chosen: Mapping[str, str]) -> Any:
    rows = PriceList.objects.exclude(status=PriceList.Status.ARCHIVED).select_related("market", "parent")
    if chosen.get("market"):
        rows = rows.filter(market__code=chosen["market"])
    if chosen.get("kind") in PriceList.Kind.values:
        rows = rows.filter(kind=chosen["kind"])
    elif not chosen.get("market"):
        rows = rows.filter(kind=PriceList.Kind.BASE)
    return rows.filter(market__active=True).order_by("market__position", "kind", "code")


def _column(row: PriceList, *, is_alone: bool) -> ListColumn:
    """The list as a column; several of one name in a market are told apart by their codes."""
    return ListColumn(
        pk=row.pk,
        code=row.code,
        name=row.name if is_alone else f"{row.name} · {row.code}",
        market=row.market.code.upper(),
        currency=row.currency,
        kind=row.get_kind_display(),
        follows=row.parent.name if row.parent else "",
    )


def _stored(variants: list[Variant], lists: list[PriceList]) -> dict[Place, Price]:
    rows = Price.objects.filter(variant__in=variants, price_list__in=lists)
    return {(row.price_list_id, row.variant_id, row.min_qty): row for row in rows}


def _tier(chosen: Mapping[str, str]) -> int:
    asked = chosen.get("tier", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 1 < int(asked) <= LARGEST_QUANTITY else 1


def _quantities(variants: list[Variant], stored: Mapping[Place, Price], tier: int) -> dict[int, list[int]]:
    """From which quantities each variant has a price on any of the lists; from one piece always."""
    found: dict[int, set[int]] = {variant.pk: {1, tier} for variant in variants}
    for _price_list, variant_id, min_qty in stored:
        found[variant_id].add(min_qty)
    return {pk: sorted(quantities) for pk, quantities in found.items()}


def _rows(
    variants: list[Variant],
    columns: tuple[ListColumn, ...],
    stored: Mapping[Place, Price],
    quantities: Mapping[int, list[int]],
    typed: Typed,
) -> Iterator[PriceRow]:
    language = get_language() or "en"
    for variant in variants:
        for min_qty in quantities[variant.pk]:
            yield PriceRow(
                variant_id=variant.pk,
                sku=variant.sku,
                name=variant.product.text("name", language),
                min_qty=min_qty,
                cells=tuple(_cell(variant, column, min_qty, stored, typed) for column in columns),
            )


def _cell(variant: Variant, column: ListColumn, min_qty: int, stored: Mapping[Place, Price], typed: Typed) -> SheetCell:
    place = (column.pk, variant.pk, min_qty)
    name = name_of(place)
    price = stored.get(place)
    amount = written(price.amount.amount, column.currency) if price else ""
    own = "" if price is None or price.derived else amount
    return SheetCell(
        name=name,
        value=typed.values.get(name, own),
        label=f"{column.name} {column.market}, {variant.sku}, {min_qty}",
        hint=amount if price is not None and price.derived else "",
        error=typed.errors.get(name, ""),
        now=typed.now.get(name, ""),
    )


def _base(cell: SheetCell, stored: Mapping[Place, Price], typed: Typed) -> str:
    """What the next save compares with: what was shown first, or what was just said to stand there."""
    if typed.values:
        return typed.base.get(cell.name, "")
    return cell.value
