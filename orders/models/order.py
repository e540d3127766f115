"""The order: one promise to one customer, with what it costs and where it stands."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions
from orders.models.group import OrderGroup

AMOUNTS = (
    "items_total",
    "discount_total",
    "shipping_total",
    "fee_total",
    "duty_total",
    "duty_added",
    "tax_total",
    "tax_added",
    "total",
    "goods_refunded",
    "shipping_refunded",
    "standard_delivery",
)


class Lifecycle(models.TextChoices):
    """The only axis that commands write."""

    DRAFT = "draft", pgettext_lazy("order", "Draft")
    PENDING_PAYMENT = "pending_payment", pgettext_lazy("order", "Waiting for payment")
    CONFIRMED = "confirmed", pgettext_lazy("order", "Confirmed")
    COMPLETED = "completed", pgettext_lazy("order", "Completed")
    CANCELED = "canceled", pgettext_lazy("order", "Canceled")
    EXPIRED = "expired", pgettext_lazy("order", "Expired")


class PaymentState(models.TextChoices):
    """Derived from the receipts."""

    NONE = "none", pgettext_lazy("payment of an order", "Nothing yet")
    AUTHORIZED = "authorized", pgettext_lazy("payment of an order", "Authorized")
    PARTLY_PAID = "partly_paid", pgettext_lazy("payment of an order", "Partly paid")
    PAID = "paid", pgettext_lazy("payment of an order", "Paid")
    PARTLY_REFUNDED = "partly_refunded", pgettext_lazy("payment of an order", "Partly refunded")
    REFUNDED = "refunded", pgettext_lazy("payment of an order", "Refunded")
    DISPUTED = "disputed", pgettext_lazy("payment of an order", "Disputed")


class FulfillmentState(models.TextChoices):
    """Derived from the lines and the fulfilments."""

    NONE = "none", pgettext_lazy("delivery of an order", "Nothing yet")
    ALLOCATED = "allocated", pgettext_lazy("delivery of an order", "Stock set aside")
    PREPARING = "preparing", pgettext_lazy("delivery of an order", "Being prepared")
    PARTLY_SHIPPED = "partly_shipped", pgettext_lazy("delivery of an order", "Partly shipped")
    SHIPPED = "shipped", pgettext_lazy("delivery of an order", "Shipped")
    PARTLY_DELIVERED = "partly_delivered", pgettext_lazy("delivery of an order", "Partly delivered")
    DELIVERED = "delivered", pgettext_lazy("delivery of an order", "Delivered")


class AftersalesState(models.TextChoices):
    """Derived from the return requests."""

    NONE = "none", pgettext_lazy("returns of an order", "None")
    OPEN = "open", pgettext_lazy("returns of an order", "Open")
    PARTLY_RETURNED = "partly_returned", pgettext_lazy("returns of an order", "Partly returned")
    RETURNED = "returned", pgettext_lazy("returns of an order", "Returned")


class PriceMode(models.TextChoices):
    """Whether the prices of the lines contain the tax."""

    GROSS = "gross", _("Prices include tax")
    NET = "net", _("Tax is added to the prices")


class Order(Transitions, TimeStamped):
    """One order. Totals are copied from the accepted quote and checked by the database; nothing recomputes them."""

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "lifecycle": {
            Lifecycle.DRAFT: {Lifecycle.PENDING_PAYMENT, Lifecycle.CANCELED},
            Lifecycle.PENDING_PAYMENT: {Lifecycle.CONFIRMED, Lifecycle.CANCELED, Lifecycle.EXPIRED},
            Lifecycle.CONFIRMED: {Lifecycle.COMPLETED, Lifecycle.CANCELED},
            # Money that arrives after the expiry confirms the order again while the goods are still there.
            Lifecycle.EXPIRED: {Lifecycle.CONFIRMED},
            Lifecycle.COMPLETED: set(),
            Lifecycle.CANCELED: set(),
        }
    }

    group = models.ForeignKey(OrderGroup, on_delete=models.PROTECT, related_name="orders")
    number = models.CharField(_("number"), max_length=32, unique=True)
    merchant_ref = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    market = models.CharField(_("market"), max_length=12)
    channel = models.CharField(_("channel"), max_length=20, default="shop", db_default="shop")
    """Where it was bought: `shop`, or the name of another platform."""
    source = models.CharField(_("source"), max_length=80, blank=True, default="", db_default="")
    """The campaign, source or site that brought the buyer last; the whole of it is the order's `origin`."""
    external_ref = models.CharField(_("number elsewhere"), max_length=80, blank=True, default="", db_default="")
    """The other platform's own number; empty for orders of the shop and for what was split from another order."""
    language = models.CharField(_("language"), max_length=12)
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2)
    price_mode = models.CharField(max_length=8, choices=PriceMode.choices)
    rounding_level = models.CharField(max_length=8)
    duty_mode = models.CharField(max_length=16)
    email = models.EmailField(_("email"))
    email_hash = models.CharField(max_length=64, db_index=True)
    phone = models.CharField(max_length=32, blank=True)
    addresses = models.JSONField(_("addresses"))

    lifecycle = models.CharField(
        _("state"), max_length=20, choices=Lifecycle.choices, default=Lifecycle.PENDING_PAYMENT
    )
    payment_state = models.CharField(
        _("payment"), max_length=20, choices=PaymentState.choices, default=PaymentState.NONE
    )
    fulfillment_state = models.CharField(
        _("delivery"), max_length=20, choices=FulfillmentState.choices, default=FulfillmentState.NONE
    )
    aftersales_state = models.CharField(
        _("returns"), max_length=20, choices=AftersalesState.choices, default=AftersalesState.NONE
    )
    version = models.PositiveIntegerField(default=1)

    items_total = money_field(currency_field_name="currency")
    discount_total = money_field(currency_field_name="currency")
    shipping_total = money_field(currency_field_name="currency")
    fee_total = money_field(currency_field_name="currency")
    duty_total = money_field(currency_field_name="currency")
    duty_added = money_field(currency_field_name="currency")
    tax_total = money_field(currency_field_name="currency")
    tax_added = money_field(currency_field_name="currency")
    total = money_field(verbose_name=_("total"), currency_field_name="currency")
    goods_refunded = money_field(currency_field_name="currency")
    shipping_refunded = money_field(currency_field_name="currency")
    standard_delivery = money_field(currency_field_name="currency", null=True, blank=True)
    """What the cheapest delivery that was offered would have cost, as `shipping_total` is meant; unknown for none."""

    quote_hash = models.CharField(max_length=64)
    quote_version = models.PositiveSmallIntegerField(default=1)
    compliance_profile = models.JSONField(default=dict)
    landed = models.JSONField(default=dict, blank=True)
    exchange_rate = models.DecimalField(max_digits=30, decimal_places=18, null=True, blank=True)
    exchange_rate_ref = models.CharField(max_length=64, blank=True)
    exchange_rate_on = models.DateField(null=True, blank=True)
    exchange_markup_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    reporting_currency = models.CharField(max_length=3, blank=True)
    seller_name = models.CharField(max_length=200, blank=True)

    delivery_code = models.CharField(max_length=40)
    delivery_name = models.CharField(max_length=120)
    delivery_carrier = models.CharField(max_length=80, blank=True)
    arrives_from = models.DateField(null=True, blank=True)
    arrives_to = models.DateField(null=True, blank=True)
    payment_method = models.CharField(max_length=40, blank=True)
    return_days = models.PositiveSmallIntegerField(default=0)
    withdrawal_days = models.PositiveSmallIntegerField(default=0)

    placed_at = models.DateTimeField(_("placed"), db_index=True)
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    canceled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    payments_closed = models.BooleanField(default=False, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("capture_order", _("Can capture the payment of an order")),
            ("fulfill_order", _("Can fulfil an order")),
            ("cancel_order", _("Can cancel an order")),
            ("refund_order", _("Can refund an order")),
            ("hold_order", _("Can open and resolve holds of an order")),
            ("note_order", _("Can write notes on an order")),
            ("edit_order", _("Can change an order after it was placed")),
            ("split_order", _("Can split and merge orders")),
            ("reship_order", _("Can send again and exchange")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(
                    total=F("items_total")
                    - F("discount_total")
                    + F("shipping_total")
                    + F("fee_total")
                    + F("duty_added")
                    + F("tax_added")
                ),
                name="orders_order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(items_total__gte=0)
                & Q(discount_total__gte=0)
                & Q(shipping_total__gte=0)
                & Q(fee_total__gte=0)
                & Q(duty_total__gte=0)
                & Q(tax_total__gte=0)
                & Q(total__gte=0),
                name="orders_order_totals_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(discount_total__lte=F("items_total")), name="orders_order_discount_within_items"
            ),
            models.CheckConstraint(
                condition=Q(tax_added__gte=0)
                & Q(tax_added__lte=F("tax_total"))
                & Q(duty_added__gte=0)
                & Q(duty_added__lte=F("duty_total")),
                name="orders_order_added_within_totals",
            ),
            models.CheckConstraint(
                condition=Q(price_mode=PriceMode.NET) | Q(tax_added=0), name="orders_order_gross_adds_no_tax"
            ),
            models.CheckConstraint(
                condition=Q(shipping_refunded__gte=0) & Q(goods_refunded__gte=0),
                name="orders_order_refunds_not_negative",
            ),
            models.CheckConstraint(condition=Q(lifecycle__in=Lifecycle.values), name="orders_order_lifecycle_known"),
            models.CheckConstraint(
                condition=Q(payment_state__in=PaymentState.values), name="orders_order_payment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(fulfillment_state__in=FulfillmentState.values),
                name="orders_order_fulfillment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(aftersales_state__in=AftersalesState.values),
                name="orders_order_aftersales_state_known",
            ),
            models.UniqueConstraint(
                fields=["external_ref", "channel"],
                condition=~Q(external_ref=""),
                name="orders_order_once_from_elsewhere",
            ),
            models.CheckConstraint(
                condition=~Q(channel="") & (Q(external_ref="") | ~Q(channel="shop")),
                name="orders_order_only_elsewhere_has_number",
            ),
            *(exponent_check(field, f"orders_order_{field}_digits", currency="currency") for field in AMOUNTS),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["lifecycle", "pay_by"], name="orders_order_unpaid"),
            models.Index(fields=["user", "-placed_at"], name="orders_order_of_user"),
            models.Index(fields=["fulfillment_state", "placed_at"], name="orders_order_to_ship"),
            models.Index(fields=["-placed_at", "-id"], name="orders_order_newest"),
            models.Index(fields=["market", "-placed_at", "-id"], name="orders_order_of_market"),
            models.Index(fields=["country", "-placed_at", "-id"], name="orders_order_of_country"),
            models.Index(fields=["lifecycle", "-placed_at", "-id"], name="orders_order_by_lifecycle"),
            models.Index(fields=["payment_state", "-placed_at", "-id"], name="orders_order_by_payment"),
            models.Index(
                fields=["channel", "-placed_at", "-id"], condition=~Q(channel="shop"), name="orders_order_elsewhere"
            ),
            models.Index(
                fields=["source", "-placed_at", "-id"], condition=~Q(source=""), name="orders_order_by_source"
            ),
            GinIndex(fields=["email"], opclasses=["gin_trgm_ops"], name="orders_order_email_like"),
            GinIndex(fields=["number"], opclasses=["gin_trgm_ops"], name="orders_order_number_like"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether goods or money can still move because of this order."""
        return self.lifecycle in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED)
