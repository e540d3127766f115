"""What a product has in other tables: further shelves, markets it is seen in, details, prices of its variants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from modeltrans.conf import get_default_language
from modeltrans.utils import build_localized_fieldname

from catalog.actions.prices import NewPrice, remove_price, set_prices
from catalog.bulk.columns import Refused, Row, Values, store
from catalog.bulk.operations import Value
from catalog.models import (
    AttributeDef,
    AttributeOption,
    Category,
    Price,
    PriceList,
    Product,
    ProductAttribute,
    ProductMarket,
)
from catalog.translating.noting import forget_texts, note_texts
from core.errors import DomainError
from core.money import Money, to_minor
from markets.models import Market


@dataclass(frozen=True)
class CategoriesColumn:
    """Further categories: a list of keys."""

    empty: Any = ()
    digits: int = 0

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """Keys in ascending order."""
        found: dict[int, list[int]] = {row.pk: [] for row in rows}
        pairs = Product.categories.through.objects.filter(product__in=found).order_by("category_id")
        for product, category in pairs.values_list("product_id", "category_id"):
            found[product].append(category)
        return dict(found)

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """The categories must be there."""
        wanted = {key for keys in values.values() for key in keys}
        known = set(Category.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        gone = _("What it would belong to is no longer there.")
        return {pk: gone for pk, keys in values.items() if set(keys) - known}

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """All shelves of the changed products anew."""
        through = Product.categories.through
        through.objects.filter(product__in=list(values)).delete()
        through.objects.bulk_create(
            [through(product_id=pk, category_id=key) for pk, keys in values.items() for key in dict.fromkeys(keys)]
        )
        store([row for row in rows if row.pk in values], [])

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """The categories' names."""
        keys = {key for value in values for key in value or ()}
        return {str(row.pk): str(row) for row in Category.objects.filter(pk__in=keys)}


@dataclass(frozen=True)
class VisibilityColumn:
    """Whether a product is seen in a market: yes, no, or not said (it is seen where it has a price)."""

    market: Market
    empty: Value = None
    digits: int = 0

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """What is said."""
        said = ProductMarket.objects.filter(market=self.market, product__in=[row.pk for row in rows])
        known = dict(said.values_list("product_id", "visible"))
        return {row.pk: known.get(row.pk) for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Saying nothing again is possible while nothing else is said for the market."""
        unsaid = [pk for pk, value in values.items() if value is None]
        more = ProductMarket.objects.filter(market=self.market, product__in=unsaid).exclude(
            Q(i18n=None) | Q(i18n={}),
            visible_from=None,
            visible_until=None,
            copy_override_html="",
            own_media_only=False,
        )
        told = _("More than visibility is set for this market.")
        return dict.fromkeys(more.values_list("product_id", flat=True), told)

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """Dates and words of the market stay."""
        unsaid = [pk for pk, value in values.items() if value is None]
        ProductMarket.objects.filter(market=self.market, product__in=unsaid).delete()
        ProductMarket.objects.bulk_create(
            [
                ProductMarket(product_id=pk, market=self.market, visible=value)
                for pk, value in values.items()
                if value is not None
            ],
            update_conflicts=True,
            unique_fields=["product", "market"],
            update_fields=["visible"],
        )

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """Yes and no."""
        return {}


@dataclass(frozen=True)
class AttributeColumn:
    """A detail: a list of choices, a number, yes or no, a day; or words by language."""

    attribute: AttributeDef
    language: str = ""
    empty: Value = None
    digits: int = 4

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """The detail, or nothing where the product has none; words of the one language that is asked for."""
        return {pk: self._value(found) for pk, found in self._details(rows).items()}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Choices must be of this attribute; numbers must fit."""
        kinds = AttributeDef.DataType
        if self.attribute.data_type == kinds.ENUM:
            known = set(AttributeOption.objects.filter(attribute=self.attribute).values_list("pk", flat=True))
            told = _("This choice is not one of the attribute.")
            return {pk: told for pk, keys in values.items() if set(keys or ()) - known}
        if self.attribute.data_type == kinds.NUMBER:
            return {pk: _("This is not a number that fits.") for pk, value in values.items() if not _fits(value)}
        return {}

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """The detail of the changed products anew."""
        changed = [row for row in rows if row.pk in values]
        before = self._details(changed)
        ProductAttribute.objects.filter(attribute=self.attribute, product__in=list(values)).delete()
        made = ProductAttribute.objects.bulk_create(
            [each for row in changed for each in self._rows(row, values[row.pk], before[row.pk])]
        )
        gone = {each.pk for details in before.values() for each in details} - {each.pk for each in made}
        forget_texts(ProductAttribute._meta.label_lower, gone)
        note_texts([each for each in made if each.text_value is not None])
        store(changed, [])

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """The choices' names."""
        if self.attribute.data_type != AttributeDef.DataType.ENUM:
            return {}
        return {str(row.pk): str(row) for row in AttributeOption.objects.filter(attribute=self.attribute)}

    def _details(self, rows: Sequence[Row]) -> dict[int, list[ProductAttribute]]:
        found: dict[int, list[ProductAttribute]] = {row.pk: [] for row in rows}
        for detail in ProductAttribute.objects.filter(attribute=self.attribute, product__in=found).order_by("pk"):
            found[detail.product_id].append(detail)
        return found

    def _value(self, found: list[ProductAttribute]) -> Value:
        kinds = AttributeDef.DataType
        if self.attribute.data_type == kinds.ENUM:
            return sorted(detail.option_id for detail in found if detail.option_id)
        if not found:
            return "" if self.attribute.data_type == kinds.TEXT else None
        one = found[0]
        if self.attribute.data_type == kinds.NUMBER:
            return None if one.number is None else str(one.number.quantize(Decimal("0.0001")))
        if self.attribute.data_type == kinds.BOOL:
            return one.bool_value
        if self.attribute.data_type == kinds.DATE:
            return None if one.date_value is None else one.date_value.isoformat()
        if self.language == get_default_language():
            return one.text_value or ""
        return (one.i18n or {}).get(build_localized_fieldname("text_value", self.language)) or ""

    def _rows(self, row: Row, value: Value, before: list[ProductAttribute]) -> list[ProductAttribute]:
        kinds = AttributeDef.DataType
        if self.attribute.data_type == kinds.ENUM:
            return [ProductAttribute(product=row, attribute=self.attribute, option_id=key) for key in value or ()]
        made = ProductAttribute(product=row, attribute=self.attribute)
        if self.attribute.data_type == kinds.TEXT:
            made.pk = before[0].pk if before else None  # its translations are noted under it
            made.text_value, made.i18n = (before[0].text_value, before[0].i18n) if before else ("", {})
            made.put_text("text_value", self.language, value or "")
            return [made] if made.text_value or made.i18n else []
        if value is None:
            return []
        name = {kinds.NUMBER: "number", kinds.BOOL: "bool_value", kinds.DATE: "date_value"}
        setattr(made, name[kinds(self.attribute.data_type)], value)
        return [made]


def _fits(value: Value) -> bool:
    try:
        return value is None or abs(Decimal(str(value))) < Decimal(10) ** 10
    except InvalidOperation:
        return False


@dataclass(frozen=True)
class PriceColumn:
    """The price of a variant on one list, from one piece on: an amount in the list's currency, as text."""

    price_list: PriceList
    digits: int
    empty: Value = None

    def read(self, rows: Sequence[Row]) -> dict[int, Value]:
        """The list's own prices; what it derives from another list is not one."""
        own = Price.objects.filter(price_list=self.price_list, min_qty=1, derived=False)
        found = own.filter(variant__in=[row.pk for row in rows]).values_list("variant_id", "amount")
        known = {variant: str(Decimal(str(amount)).quantize(self._step())) for variant, amount in found}
        return {row.pk: known.get(row.pk) for row in rows}

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Within the digits of the currency, and not below zero."""
        refused = {}
        for pk, value in values.items():
            try:
                if value is not None and to_minor(self._money(value)) < 0:
                    refused[pk] = _("This would be below zero.")
            except (DomainError, InvalidOperation):
                refused[pk] = _("The currency has fewer decimals than this.")
        return refused

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """Through the price actions, so that what is published follows."""
        new = [NewPrice(variant_id=pk, amount=self._money(v)) for pk, v in values.items() if v is not None]
        if new:
            set_prices(price_list_id=self.price_list.pk, prices=new)
        for pk, value in values.items():
            if value is None:
                remove_price(price_list_id=self.price_list.pk, variant_id=pk)

    def words(self, values: Iterable[Value]) -> dict[str, str]:
        """Amounts speak for themselves."""
        return {}

    def _step(self) -> Decimal:
        return Decimal(1).scaleb(-self.digits)

    def _money(self, value: Value) -> Money:
        return Money(Decimal(str(value)), self.price_list.currency)
