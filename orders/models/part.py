"""What a sold set holds: a snapshot of each component, with its share of the money."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.fields import exponent_check, money_field
from core.locks import LockingQuerySet
from orders.models.line import OrderLine


class OrderLinePart(models.Model):
    """One component of a set that was sold. `ref` ("<line ref>.<position>") is how stock knows it.

    `quantity` are the pieces in all sets of the line together, `per_set` those in one. The shares of all parts of a
    line sum to the line, by `price_weight` and largest remainder; where components are taxed unlike each other, each
    share holds the tax and the duty of its own component, at `tax_rate`.
    """

    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=52, unique=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sku = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    options_text = models.CharField(max_length=300, blank=True)
    hs_code = models.CharField(max_length=16, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    weight_g = models.PositiveIntegerField(default=0)
    tax_category = models.CharField(max_length=40, blank=True)
    requires_shipping = models.BooleanField(default=True)
    per_set = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    price_weight = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    share_net = money_field(currency_field_name="currency")
    share_tax = money_field(currency_field_name="currency")
    share_duty = money_field(currency_field_name="currency")
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=0)
    qty_returned = models.PositiveIntegerField(default=0)
    qty_refunded = models.PositiveIntegerField(default=0)
    net_refunded = money_field(currency_field_name="currency")
    tax_refunded = money_field(currency_field_name="currency")
    net_kept_minor = models.PositiveBigIntegerField(default=0)
    tax_kept_minor = models.PositiveBigIntegerField(default=0)
    """What was kept for wear of refunded units, in minor units of the currency."""
    return_exception = models.CharField(max_length=20, blank=True)
    """Why it cannot be sent back for a change of mind, as it was on the day of the sale; see `returning.rules`."""

    objects = LockingQuerySet.as_manager()

    class Meta:
        ordering = ("order_line", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order_line", "position"], name="orders_part_position_once"),
            models.CheckConstraint(condition=Q(per_set__gt=0), name="orders_part_per_set_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("per_set"))
                & Q(qty_returned__lte=F("quantity"))
                & Q(qty_refunded__lte=F("quantity")),
                name="orders_part_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(net_refunded__gte=0)
                & Q(net_refunded__lte=F("share_net"))
                & Q(tax_refunded__gte=0)
                & Q(tax_refunded__lte=F("share_tax")),
                name="orders_part_refund_within_share",
            ),
            *(
                exponent_check(field, f"orders_part_{field}_digits", currency="currency")
                for field in ("share_net", "share_tax", "share_duty", "net_refunded", "tax_refunded")
            ),
        ]

    def __str__(self) -> str:
        return self.ref
