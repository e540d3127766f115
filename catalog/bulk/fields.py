"""Which fields can be changed in bulk, and which operations each of them knows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.bulk.columns import Column, LinkColumn, PlainColumn, TextColumn
from catalog.bulk.contents import ContentColumn
from catalog.bulk.operations import Op
from catalog.bulk.relations import AttributeColumn, CategoriesColumn, PriceColumn, VisibilityColumn
from catalog.bulk.ruled import NumberColumn, ProductStatusColumn, SkuColumn, VariantStatusColumn
from catalog.models import AttributeDef, Brand, BulkRun, Category, Maker, PriceList, Product, ProductType, Variant
from core.money import exponent
from markets.models import Market, TaxCategory

TEXT_OPS = (Op.SET, Op.REPLACE, Op.CLEAR)
NUMBER_OPS = (Op.SET, Op.PLUS, Op.TIMES)
LIST_OPS = (Op.ADD, Op.REMOVE, Op.SET, Op.CLEAR)
MOST_LISTED = 300
"""More details than this are asked for by code or name."""
TEXTS: tuple[str, ...] = tuple(Product._meta.get_field("i18n").fields)  # type: ignore[union-attr]  # modeltrans


@dataclass(frozen=True, kw_only=True)
class BulkField:
    """A field that can be changed. `kind` says how a value of it is entered; `links` are what it can point to."""

    key: str
    label: str | Promise
    kind: str
    operations: tuple[Op, ...]
    column: Callable[[str], Column]
    choices: tuple[tuple[str, str], ...] = ()
    links: type[Model] | None = None
    attribute: int = 0
    has_language: bool = False
    permission: str = ""


def fields_of(target: str) -> list[BulkField]:
    """Every field of this kind of row. Three queries at most."""
    if target == BulkRun.Target.PRODUCT:
        details = AttributeDef.objects.order_by("position", "pk")
        return [*_product_fields(), *_market_fields(), *_attribute_fields(details)]
    return [*_variant_fields(), *_price_fields()]


def fields_to_list(target: str) -> tuple[list[BulkField], bool]:
    """The fields to choose from, and whether details are left out because they are too many for a list."""
    if target != BulkRun.Target.PRODUCT or AttributeDef.objects.count() <= MOST_LISTED:
        return fields_of(target), False
    return [*_product_fields(), *_market_fields()], True


def field_named(target: str, key: str) -> BulkField | None:
    """A field by its key."""
    start, _point, code = key.partition(".")
    if start == "attribute" and target == BulkRun.Target.PRODUCT:
        return next(_attribute_fields(AttributeDef.objects.filter(code=code)), None)
    return next((field for field in fields_to_list(target)[0] if field.key == key), None)


def detail_named(words: str) -> BulkField | None:
    """The field of a detail by its code, or by a name that only one has."""
    rows = AttributeDef.objects.filter(code=words) or AttributeDef.objects.filter(name__iexact=words)[:2]
    return next(_attribute_fields(rows)) if len(rows) == 1 else None


def column_of(target: str, key: str, language: str) -> Column:
    """The column behind a field. Raises `KeyError` for one that is not there (any more)."""
    field = field_named(target, key)
    if field is None:
        raise KeyError(key)
    return field.column(language)


def _always(column: Column) -> Callable[[str], Column]:
    return lambda _language: column


def _label(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # columns have one


def _plain(model: type[Model], name: str, kind: str, *ops: Op, empty: Any = None, digits: int = 0) -> BulkField:
    made = NumberColumn if kind == "number" else PlainColumn
    column = made(name=name, empty=empty, digits=digits)
    return BulkField(key=name, label=_label(model, name), kind=kind, operations=ops, column=_always(column))


def _link(name: str, model: type[Model], *ops: Op) -> BulkField:
    column = LinkColumn(name=name, model=model)
    return BulkField(
        key=name, label=_label(Product, name), kind="link", operations=ops, column=_always(column), links=model
    )


def _product_fields() -> Iterator[BulkField]:
    statuses = tuple((str(value), str(label)) for value, label in Product.Status.choices)
    yield BulkField(
        key="status",
        label=_label(Product, "status"),
        kind="choice",
        operations=(Op.SET,),
        column=_always(ProductStatusColumn(name="status", choices=statuses)),
        choices=statuses,
    )
    yield _plain(Product, "tags", "list", *LIST_OPS, empty=[])
    yield _link("primary_category", Category, Op.SET, Op.CLEAR)
    yield BulkField(
        key="categories",
        label=_label(Product, "categories"),
        kind="links",
        operations=LIST_OPS,
        column=_always(CategoriesColumn(empty=[])),
        links=Category,
    )
    for name in TEXTS:
        yield BulkField(
            key=name,
            label=_label(Product, name),
            kind="text",
            operations=TEXT_OPS,
            column=partial(TextColumn, name),
            has_language=True,
        )
    yield _link("brand", Brand, Op.SET, Op.CLEAR)
    yield _link("maker", Maker, Op.SET, Op.CLEAR)
    yield _link("responsible_person", Maker, Op.SET, Op.CLEAR)
    yield _link("product_type", ProductType, Op.SET)
    yield _link("tax_category", TaxCategory, Op.SET)
    yield _plain(Product, "model_code", "line", *TEXT_OPS, empty="")
    yield _plain(Product, "featured_rank", "number", *NUMBER_OPS)
    yield _plain(Product, "new_until", "day", Op.SET, Op.CLEAR)
    yield _plain(Product, "released_at", "moment", Op.SET, Op.CLEAR)
    yield _plain(Product, "preorder_until", "moment", Op.SET, Op.CLEAR)


def _market_fields() -> Iterator[BulkField]:
    for market in Market.objects.filter(active=True).order_by("position", "pk"):
        yield BulkField(
            key=f"visible.{market.code}",
            label=_("Visible in %(market)s") % {"market": market.name},
            kind="flag",
            operations=(Op.SET,),
            column=_always(VisibilityColumn(market=market)),
        )


def _attribute_fields(rows: Iterable[AttributeDef]) -> Iterator[BulkField]:
    kinds = AttributeDef.DataType
    known: dict[str, tuple[str, tuple[Op, ...]]] = {
        kinds.ENUM: ("links", LIST_OPS),
        kinds.NUMBER: ("decimal", (*NUMBER_OPS, Op.CLEAR)),
        kinds.BOOL: ("flag", (Op.SET, Op.CLEAR)),
        kinds.TEXT: ("text", TEXT_OPS),
        kinds.DATE: ("day", (Op.SET, Op.CLEAR)),
    }
    for attribute in rows:
        kind, operations = known[attribute.data_type]
        empty: Any = {kinds.ENUM: [], kinds.TEXT: ""}.get(kinds(attribute.data_type))
        yield BulkField(
            key=f"attribute.{attribute.code}",
            label=_("Detail: %(name)s") % {"name": attribute.name},
            kind=kind,
            operations=operations,
            column=partial(_attribute_column, attribute, empty),
            attribute=attribute.pk,
            has_language=attribute.data_type == kinds.TEXT,
        )


def _attribute_column(attribute: AttributeDef, empty: Any, language: str) -> Column:
    return AttributeColumn(attribute=attribute, language=language, empty=empty)


def _variant_fields() -> Iterator[BulkField]:
    statuses = tuple((str(value), str(label)) for value, label in Variant.Status.choices)
    yield BulkField(
        key="status",
        label=_label(Variant, "status"),
        kind="choice",
        operations=(Op.SET,),
        column=_always(VariantStatusColumn(name="status", choices=statuses)),
        choices=statuses,
    )
    yield BulkField(
        key="sku",
        label=_label(Variant, "sku"),
        kind="line",
        operations=(Op.REPLACE,),
        column=_always(SkuColumn(name="sku")),
    )
    yield _plain(Variant, "gtin", "line", Op.CLEAR, empty="")
    yield _plain(Variant, "weight_g", "number", *NUMBER_OPS)
    for name in ("length_mm", "width_mm", "height_mm"):
        yield _plain(Variant, name, "number", *NUMBER_OPS, Op.CLEAR)
    yield BulkField(
        key="content",
        label=gettext_lazy("Content, such as 500 ml"),
        kind="line",
        operations=(Op.SET, Op.CLEAR),
        column=_always(ContentColumn()),
    )
    yield _plain(Variant, "hs_code", "line", Op.SET, Op.CLEAR)
    yield _plain(Variant, "origin_country", "line", Op.SET, Op.CLEAR)
    yield _plain(Variant, "customs_description", "line", *TEXT_OPS, empty="")
    yield _plain(Variant, "battery_flag", "flag", Op.SET)
    yield _plain(Variant, "restricted_flags", "list", *LIST_OPS, empty=[])
    for name in ("purchase_limit", "max_cart_qty"):
        yield _plain(Variant, name, "number", *NUMBER_OPS, Op.CLEAR)
    yield _plain(Variant, "position", "number", *NUMBER_OPS)


def _price_fields() -> Iterator[BulkField]:
    for row in PriceList.objects.filter(status=PriceList.Status.ACTIVE).select_related("market"):
        yield BulkField(
            key=f"price.{row.code}",
            label=_("Price on “%(list)s” (%(currency)s)") % {"list": row.name, "currency": row.currency},
            kind="decimal",
            operations=(*NUMBER_OPS, Op.CLEAR),
            column=_always(PriceColumn(price_list=row, digits=exponent(row.currency))),
            permission="catalog.change_price",
        )


GROUPS = {"visible": gettext_lazy("Markets"), "attribute": gettext_lazy("Details"), "price": gettext_lazy("Prices")}
"""Headings of fields whose key begins with this word and a full stop."""
