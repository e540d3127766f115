"""Columns with rules of their own: what is on sale, SKUs, shelves, markets, details, prices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.actions.products import problems_of
from catalog.bulk.columns import ChoiceColumn, PlainColumn, Refused, Row, Values, store
from catalog.errors import ProductIncomplete, SkuFixed, SkuTaken, VariantExists
from catalog.models import Product, Variant


@dataclass(frozen=True)
class ProductStatusColumn(ChoiceColumn):
    """Publishing, taking off sale, archiving. A product that is not complete is not published."""

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """What keeps a product from being sold is said."""
        refused = super().check(rows, values)
        for row in rows:
            if values.get(row.pk) == Product.Status.ACTIVE and row.status != Product.Status.ACTIVE:
                problems = problems_of(row)
                if problems:
                    refused[row.pk] = f"{ProductIncomplete(row.code, problems)} ({', '.join(problems)})"
        return refused

    def write(self, rows: Sequence[Row], values: Values) -> None:
        """With the moment of the first publication."""
        changed = [row for row in rows if row.pk in values]
        for row in changed:
            row.status = values[row.pk]
            if row.status == Product.Status.ACTIVE and row.released_at is None:
                row.released_at = timezone.now()
        store(changed, ["status", "released_at"])


@dataclass(frozen=True)
class VariantStatusColumn(ChoiceColumn):
    """A variant comes back from the archive only where no other has its combination."""

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Two live variants never have the same combination."""
        refused = super().check(rows, values)
        back = [row for row in rows if row.status == "archived" and values.get(row.pk, "archived") != "archived"]
        live = Variant.objects.filter(product__in={row.product_id for row in back}).exclude(status="archived")
        taken = set(live.values_list("product_id", "signature")) if back else set()
        for row in back:
            if (row.product_id, row.signature) in taken:
                refused[row.pk] = str(VariantExists())
            taken.add((row.product_id, row.signature))
        return refused


@dataclass(frozen=True)
class SkuColumn(PlainColumn):
    """SKUs: unique, and fixed once they were ordered."""

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """A SKU that papers name stays; a SKU that somebody has is not given twice."""
        refused = super().check(rows, values)
        used = Variant.objects.filter(sku__in=list(values.values())).values_list("merchant_code", "sku", "pk")
        owners = {(merchant, sku): pk for merchant, sku, pk in used}
        for row in rows:
            if row.pk not in values or row.pk in refused:
                continue
            wanted = (row.merchant_code, values[row.pk])
            if row.sku_fixed:
                refused[row.pk] = str(SkuFixed())
            elif owners.setdefault(wanted, row.pk) != row.pk:
                refused[row.pk] = str(SkuTaken())
        return refused


@dataclass(frozen=True)
class NumberColumn(PlainColumn):
    """A whole number; a result below zero is refused with a sentence of its own."""

    def check(self, rows: Sequence[Row], values: Values) -> Refused:
        """Never below zero."""
        refused = super().check(rows, values)
        return refused | {pk: _("This would be below zero.") for pk, value in values.items() if _is_negative(value)}

    def words(self, values: Iterable[Any]) -> dict[str, str]:
        """Numbers speak for themselves."""
        return {}


def _is_negative(value: Any) -> bool:
    try:
        return value is not None and Decimal(str(value)) < 0
    except InvalidOperation:
        return False
