"""What was bought: a snapshot of each line as it was sold."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.fields import exponent_check, money_field
from core.locks import LockingQuerySet
from orders.models.order import Order

AMOUNTS = (
    "unit_list",
    "unit_final",
    "line_list",
    "line_discount",
    "line_total",
    "line_net",
    "line_tax",
    "line_duty",
    "net_refunded",
    "tax_refunded",
)


class OrderLine(models.Model):
    """One line. `ref` ("<number>/<position>") is how stock knows it; the variant may vanish, the words stay."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=48, unique=True)
    variant = models.ForeignKey("catalog.Variant", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    product_id_sold = models.BigIntegerField(null=True, blank=True)
    bundle_parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="bundle_parts"
    )
    sku = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    options_text = models.CharField(max_length=300, blank=True)
    picture = models.JSONField(default=dict, blank=True)
    product_url = models.CharField(max_length=400, blank=True)
    hs_code = models.CharField(max_length=16, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    weight_g = models.PositiveIntegerField(default=0)
    tax_category = models.CharField(max_length=40, blank=True)
    requires_shipping = models.BooleanField(default=True)
    releases_on = models.DateField(null=True, blank=True)

    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    tax_included = models.BooleanField()
    unit_list = money_field(currency_field_name="currency")
    unit_final = money_field(currency_field_name="currency")
    line_list = money_field(currency_field_name="currency")
    line_discount = money_field(currency_field_name="currency")
    line_total = money_field(currency_field_name="currency")
    line_net = money_field(currency_field_name="currency")
    line_tax = money_field(currency_field_name="currency")
    line_duty = money_field(currency_field_name="currency")
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=0)
    price_source = models.JSONField(default=dict, blank=True)

    qty_canceled = models.PositiveIntegerField(default=0)
    qty_shipped = models.PositiveIntegerField(default=0)
    qty_delivered = models.PositiveIntegerField(default=0)
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
        ordering = ("order", "position")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_line_position_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(line_list=F("unit_list") * F("quantity")), name="orders_line_list_is_unit_times_quantity"
            ),
            models.CheckConstraint(
                condition=Q(line_total=F("line_list") - F("line_discount")), name="orders_line_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(line_discount__gte=0) & Q(line_discount__lte=F("line_list")),
                name="orders_line_discount_within_list",
            ),
            models.CheckConstraint(
                condition=(Q(tax_included=True) & Q(line_total=F("line_net") + F("line_tax")))
                | (Q(tax_included=False) & Q(line_total=F("line_net"))),
                name="orders_line_net_and_tax_add_up",
            ),
            models.CheckConstraint(
                condition=Q(qty_shipped__lte=F("quantity") - F("qty_canceled")),
                name="orders_line_shipped_and_canceled_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(qty_delivered__lte=F("qty_shipped")), name="orders_line_delivered_within_shipped"
            ),
            models.CheckConstraint(
                condition=Q(qty_returned__lte=F("qty_shipped")), name="orders_line_returned_within_shipped"
            ),
            models.CheckConstraint(
                condition=Q(qty_refunded__lte=F("quantity")), name="orders_line_refunded_within_quantity"
            ),
            models.CheckConstraint(
                condition=Q(net_refunded__gte=0)
                & Q(net_refunded__lte=F("line_net"))
                & Q(tax_refunded__gte=0)
                & Q(tax_refunded__lte=F("line_tax")),
                name="orders_line_refund_within_paid",
            ),
            *(exponent_check(field, f"orders_line_{field}_digits", currency="currency") for field in AMOUNTS),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def qty_open(self) -> int:
        """Units that are still to be shipped."""
        return self.quantity - self.qty_canceled - self.qty_shipped
