"""A supplier's price list taken over: all of it or nothing."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Variant
from core import audit
from core.errors import DomainError
from inventory.buying.article_reading import ArticleRow
from inventory.models import Supplier, SupplierVariant


class ListRefused(DomainError):
    """Rows of the list cannot be taken over; nothing was changed. `problems` says why, by row."""

    code = "PRICE_LIST_REFUSED"
    message = gettext_lazy("Nothing was taken over: some rows cannot be right.")

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__()


def put_articles(*, supplier_id: int, rows: Sequence[ArticleRow]) -> int:
    """Add the supplier's articles and change those that are there; others stay. Returns how many there were.

    An article that is preferred now takes that from whichever was. Orders that were sent keep their prices.
    Raises `ListRefused` with every SKU the catalogue does not have.
    """
    variants = dict(Variant.objects.filter(sku__in=[row.sku for row in rows]).values_list("sku", "pk"))
    unknown = [
        _("Row %(number)d: %(sku)s is not in the catalogue.") % {"number": row.number, "sku": row.sku}
        for row in rows
        if row.sku not in variants
    ]
    if unknown:
        raise ListRefused(unknown)
    try:
        with transaction.atomic():
            supplier = Supplier.objects.get(pk=supplier_id)
            preferred = [variants[row.sku] for row in rows if row.is_preferred]
            old = SupplierVariant.objects.filter(variant__in=preferred, is_preferred=True).lock()
            SupplierVariant.objects.filter(pk__in=[row.pk for row in old]).update(is_preferred=False)
            SupplierVariant.objects.bulk_create(
                [_article(supplier, variants[row.sku], row) for row in rows],
                batch_size=1000,
                update_conflicts=True,
                unique_fields=["supplier", "variant"],
                update_fields=[
                    "supplier_sku",
                    "cost",
                    "cost_currency",
                    "moq",
                    "pack",
                    "lead_days",
                    "is_preferred",
                    "is_active",
                ],
            )
            audit.record("buying.put_articles", supplier, data={"articles": len(rows)})
    except IntegrityError as clash:
        raise ListRefused([_("A number of the supplier would stand for two articles.")]) from clash
    return len(rows)


def _article(supplier: Supplier, variant_id: int, row: ArticleRow) -> SupplierVariant:
    return SupplierVariant(
        supplier=supplier,
        variant_id=variant_id,
        supplier_sku=row.supplier_sku,
        cost=row.cost,
        moq=row.moq,
        pack=row.pack,
        lead_days=row.lead_days,
        is_preferred=row.is_preferred,
        is_active=True,
    )
