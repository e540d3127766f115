"""Alerts about stock: to operators when something needs them, to shoppers when it is back."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StockAlert(models.Model):
    """One stock row that needs attention, from the moment it did until it no longer does."""

    class Level(models.TextChoices):
        LOW = "low", _("low")
        OUT = "out", _("out")
        OVER = "over", pgettext_lazy("level of stock", "too many")
        AGEING = "ageing", pgettext_lazy("level of stock", "not selling")
        EXPIRING = "expiring", pgettext_lazy("level of stock", "expires soon")

    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="alerts")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    opened = models.DateTimeField(_("since"), auto_now_add=True)
    closed = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[models.Manager["StockAlert"]] = models.Manager()

    class Meta:
        verbose_name = _("stock alert")
        verbose_name_plural = _("stock alerts")
        ordering = ["-opened"]
        constraints = [
            models.UniqueConstraint(
                fields=["stock_item", "level"], condition=Q(closed__isnull=True), name="alert_one_open_per_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.stock_item_id}"


class AlertRoute(models.Model):
    """Who hears of which alerts, how, and when not. Routes add up; nobody hears of the same alert twice."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", pgettext_lazy("how often people are written to", "at once")
        DAILY = "daily", pgettext_lazy("how often people are written to", "once a day, in the morning")

    level = models.CharField(
        _("level"), max_length=10, choices=StockAlert.Level.choices, blank=True, help_text=_("Empty: all.")
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse", verbose_name=_("warehouse"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text=_("Empty: all."),
    )  # fmt: skip
    category = models.ForeignKey(
        "catalog.Category", verbose_name=_("category"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", help_text=_("With everything below it. Empty: all."),
    )  # fmt: skip
    role = models.ForeignKey(
        "auth.Group", verbose_name=_("everybody of the role"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", limit_choices_to={"is_staff": True, "is_active": True},
    )  # fmt: skip
    pace = models.CharField(_("written to"), max_length=8, choices=Pace.choices, default=Pace.DAILY)
    quiet_from = models.TimeField(
        _("quiet from"), default=time(21), help_text=_("In the time of whoever is written to.")
    )
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[models.Manager["AlertRoute"]] = models.Manager()

    class Meta:
        verbose_name = _("route of stock alerts")
        verbose_name_plural = _("routes of stock alerts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__isnull=False) | Q(user__isnull=False), name="alert_route_reaches_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level or '*'} → {self.role_id or ''}/{self.user_id or ''}"


class AlertTold(models.Model):
    """Somebody was written to about an alert."""

    alert = models.ForeignKey(StockAlert, on_delete=models.CASCADE, related_name="told")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["AlertTold"]] = models.Manager()

    class Meta:
        verbose_name = _("told about a stock alert")
        verbose_name_plural = _("told about stock alerts")
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="alert_told_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} → {self.user_id}"


class BackInStock(models.Model):
    """Somebody who wants to hear when a variant can be bought again."""

    email = models.EmailField(_("email"))
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    created = models.DateTimeField(auto_now_add=True)
    notified_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("back-in-stock wish")
        verbose_name_plural = _("back-in-stock wishes")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "variant", "market"],
                condition=Q(notified_at__isnull=True),
                name="back_in_stock_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} → {self.email}"
