"""Why the total is what it is, and what money came for it."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from orders.models.line import OrderLine
from orders.models.order import Order

RECEIPT_AMOUNTS = ("authorized", "received", "refunded", "disputed")


class AdjustmentKind(models.TextChoices):
    """What an adjustment of the quote changes."""

    DISCOUNT = "discount"
    SHIPPING = "shipping"
    TAX = "tax"
    DUTY = "duty"
    FEE = "fee"


class OrderAdjustment(models.Model):
    """One line of the quote beside the goods, with where it came from. Written once."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="adjustments")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustments")
    kind = models.CharField(max_length=12, choices=AdjustmentKind.choices)
    label = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    explanation = models.TextField(blank=True)
    amount = money_field()

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            exponent_check("amount", "orders_adjustment_amount_digits"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"


class OrderTaxLine(models.Model):
    """One taxed thing, zero amounts included: base, rate, place and reason as they were on the day of the sale.

    `part` is the component of a set that is taxed by itself; a line may have several tax lines.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tax_lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="tax_lines")
    part = models.ForeignKey(
        "orders.OrderLinePart", on_delete=models.PROTECT, null=True, blank=True, related_name="tax_lines"
    )
    owner = models.CharField(max_length=12)
    place = models.CharField(max_length=120)
    rate = models.DecimalField(max_digits=7, decimal_places=5)
    currency = models.CharField(max_length=3)
    base = money_field(currency_field_name="currency")
    amount = money_field(currency_field_name="currency")
    included = models.BooleanField()
    reason = models.CharField(max_length=32)
    label = models.CharField(max_length=32, default="vat")
    rule_ref = models.CharField(max_length=80, blank=True)
    scheme = models.CharField(max_length=60, blank=True)
    provider = models.CharField(max_length=40, default="tables")

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(owner__in=["line", "shipping", "fee", "duty"]), name="orders_tax_owner"),
            models.CheckConstraint(
                condition=(Q(owner="line") & Q(line__isnull=False)) | ~Q(owner="line"), name="orders_tax_line_named"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0) & Q(rate__gte=0), name="orders_tax_not_negative"),
            exponent_check("amount", "orders_tax_amount_digits", currency="currency"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.rate}: {self.amount}"


class OrderReceipt(TimeStamped):
    """The order's own account of one payment: what it was told was authorized, received, given back, disputed.

    Amounts are running totals that only grow, so hearing the same fact twice changes nothing. After a split one
    payment is shared by several orders: each has a receipt of its own, and the receipts sum to the payment.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="receipts")
    payment_ref = models.UUIDField()
    currency = models.CharField(max_length=3)
    authorized = money_field(currency_field_name="currency")
    received = money_field(currency_field_name="currency")
    refunded = money_field(currency_field_name="currency")
    disputed = money_field(currency_field_name="currency")
    booked = ArrayField(models.CharField(max_length=300), default=list, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["payment_ref", "order"], name="orders_receipt_once_per_order"),
            models.CheckConstraint(
                condition=Q(authorized__gte=0) & Q(received__gte=0) & Q(refunded__gte=0) & Q(disputed__gte=0),
                name="orders_receipt_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("received") - F("disputed")), name="orders_receipt_refunded_within_received"
            ),
            *(exponent_check(name, f"orders_receipt_{name}_digits", currency="currency") for name in RECEIPT_AMOUNTS),
        ]

    def __str__(self) -> str:
        return f"{self.payment_ref}: {self.received}"
