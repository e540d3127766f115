"""Derived tables that listings are counted and ordered by, and which filters a category shows.

Every variant on sale, and every product, has a place of its own in one row of bits (`ListingSlot`). What is true
of them is written as bits, in pieces (`ListingBits`): "is blue" is one row of bits, "costs so much" is one per
binary digit of the amount. `catalog/listing/bits.py` says what can be asked of them.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

BLOCK_BITS = 8192
"""Places per piece: one kilobyte, so that a piece stays inside its database page."""


class ListingState(models.Model):
    """One row: which change was written last. Whoever writes bits holds it until the end, so numbers go up in order.

    `epoch` tells readers that everything began anew.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid4)
    written = models.BigIntegerField(default=0)
    next_place = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the listing index")
        verbose_name_plural = _("state of the listing index")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalog_listingstate_is_alone")]

    def __str__(self) -> str:
        return str(self.written)


class ListingSlot(models.Model):
    """The places of a product: one for each of its variants from `first` on, then `last` for itself.

    `waits_until` is set while it can be bought before it is in stock: then the clock alone changes its bits.
    """

    product = models.OneToOneField(
        "catalog.Product", primary_key=True, on_delete=models.CASCADE, related_name="listing_slot"
    )
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField(unique=True)
    variant_ids = ArrayField(models.BigIntegerField(), default=list)
    waits_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("place in the listing index")
        verbose_name_plural = _("places in the listing index")
        indexes = [
            models.Index(
                fields=["waits_until"],
                name="catalog_listingslot_waits",
                condition=models.Q(waits_until__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="catalog_listingslot_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.first}–{self.last}"


class ListingBits(models.Model):
    """One piece of one row of bits, lowest place first, without zeros at its end.

    `market_id` 0 means every market; `subject` is a filter or 0, `value` its value or the number of a binary digit.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("places of products")
        LISTED = "listed", _("variants on sale in a market")
        VALUE = "value", _("has a value of a filter")
        STOCK = "stock", _("can be bought in a market")
        NUMBER = "number", _("digits of a number")
        KNOWN = "known", _("has a number")
        PRICE = "price", _("digits of the price in a market")
        ORDER = "order", _("digits of a sorting key")

    pk = models.CompositePrimaryKey("market_id", "kind", "subject", "value", "block")
    market_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.BigIntegerField()
    value = models.BigIntegerField()
    block = models.PositiveIntegerField()
    bits = models.BinaryField()
    written = models.BigIntegerField()

    class Meta:
        verbose_name = _("piece of the listing index")
        verbose_name_plural = _("pieces of the listing index")
        indexes = [
            models.Index(fields=["written"], name="catalog_listingbits_written"),
            models.Index(fields=["block"], name="catalog_listingbits_block"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.value}: {self.block}"


class CategoryFacet(models.Model):
    """A filter that a category shows, in this order. A category without any shows those of the one above it."""

    category = models.ForeignKey(
        "catalog.Category", verbose_name=_("category"), on_delete=models.CASCADE, related_name="facets"
    )
    facet = models.ForeignKey("catalog.FacetDef", verbose_name=_("filter"), on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("filter of a category")
        verbose_name_plural = _("filters of a category")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "facet"], name="catalog_categoryfacet_once")]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.facet_id}"
