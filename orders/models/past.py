"""Orders that other shops and platforms took: history that is looked up, and that nothing here moves."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet

AMOUNTS = ("items_total", "discount_total", "shipping_total", "tax_total", "total", "refunded_total")

PLATFORM_NAMES = {"shopify": "Shopify", "woocommerce": "WooCommerce"}


class PastState(models.TextChoices):
    """How it ended there, as far as its platform's words tell."""

    DONE = "done", pgettext_lazy("order from elsewhere", "Completed")
    REFUNDED = "refunded", pgettext_lazy("order from elsewhere", "Refunded")
    PARTLY_REFUNDED = "partly_refunded", pgettext_lazy("order from elsewhere", "Partly refunded")
    CANCELED = "canceled", pgettext_lazy("order from elsewhere", "Canceled")
    UNPAID = "unpaid", pgettext_lazy("order from elsewhere", "Not paid")
    OPEN = "open", pgettext_lazy("order from elsewhere", "Not finished there")


class PastOrder(TimeStamped):
    """One order of another platform, as its export told it. It is in no statement, and has no number of ours.

    `state_words` are the platform's own words. Amounts are as told and need not add up by our rules; one that was not
    told is nothing, never zero. `fingerprint` is what was read last: the same file again changes nothing. Members see
    those whose `email_hash` is that of an address they have proven.
    """

    platform = models.CharField(_("platform"), max_length=20)
    number = models.CharField(_("number there"), max_length=80)
    placed_at = models.DateTimeField(_("placed"))
    state = models.CharField(_("state"), max_length=16, choices=PastState.choices)
    state_words = models.CharField(_("state there"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2, blank=True)
    email = models.EmailField(_("email"), blank=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    addresses = models.JSONField(_("addresses"), default=dict, blank=True)
    """Printed lines by kind: `ship` and `bill`."""
    items_total = money_field(verbose_name=_("goods"), currency_field_name="currency", null=True, blank=True)
    discount_total = money_field(verbose_name=_("discounts"), currency_field_name="currency", null=True, blank=True)
    shipping_total = money_field(verbose_name=_("delivery"), currency_field_name="currency", null=True, blank=True)
    tax_total = money_field(verbose_name=_("tax"), currency_field_name="currency", null=True, blank=True)
    total = money_field(verbose_name=_("total"), currency_field_name="currency")
    refunded_total = money_field(verbose_name=_("refunded"), currency_field_name="currency", null=True, blank=True)
    payment_words = models.CharField(_("paid by"), max_length=120, blank=True)
    delivery_words = models.CharField(_("delivered by"), max_length=120, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False)
    job = models.ForeignKey("core.Job", verbose_name=_("import"), on_delete=models.PROTECT, related_name="+")
    forgotten_at = models.DateTimeField(_("forgotten"), null=True, blank=True)
    """When its buyer asked to be forgotten; the same file never brings them back."""

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("order from elsewhere")
        verbose_name_plural = _("orders from elsewhere")
        ordering = ("-placed_at", "-pk")
        permissions = [("import_pastorder", _("Can bring in orders from other platforms"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["platform", "number"], name="orders_past_once"),
            models.CheckConstraint(condition=~Q(platform="") & ~Q(number=""), name="orders_past_is_named"),
            models.CheckConstraint(condition=Q(state__in=PastState.values), name="orders_past_state_known"),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | Q(email="", name="", phone=""), name="orders_past_forgotten"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & (Q(refunded_total__isnull=True) | Q(refunded_total__lte=F("total"))),
                name="orders_past_amounts_sound",
            ),
            *(exponent_check(field, f"orders_past_{field}_digits", currency="currency") for field in AMOUNTS),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-placed_at", "-id"], name="orders_past_newest"),
            GinIndex(fields=["number"], opclasses=["gin_trgm_ops"], name="orders_past_number_like"),
            GinIndex(fields=["email"], opclasses=["gin_trgm_ops"], name="orders_past_email_like"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.number}"

    @property
    def platform_name(self) -> str:
        """The platform as people call it."""
        return PLATFORM_NAMES.get(self.platform, self.platform)


class PastLine(models.Model):
    """What was bought there. `unit_price` and `line_total` are as told; nothing for what was not."""

    order = models.ForeignKey(PastOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("order"))
    position = models.PositiveIntegerField(_("position"))
    sku = models.CharField(_("SKU"), max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=300)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = money_field(verbose_name=_("price"), null=True, blank=True)
    line_total = money_field(verbose_name=_("total"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an order from elsewhere")
        verbose_name_plural = _("lines of orders from elsewhere")
        ordering = ("position",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "position"], name="orders_past_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_past_line_has_pieces"),
            exponent_check("unit_price", "orders_past_line_unit_digits"),
            exponent_check("line_total", "orders_past_line_total_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"
