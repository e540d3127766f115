"""Alerts about stock: to operators when it runs low, to shoppers when it is back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StockAlert(models.Model):
    """One stock row that needs attention, from the moment it did until it no longer does."""

    class Level(models.TextChoices):
        LOW = "low", _("low")
        OUT = "out", _("out")

    stock_item = models.ForeignKey("inventory.StockItem", on_delete=models.PROTECT, related_name="alerts")
    level = models.CharField(_("level"), max_length=5, choices=Level.choices)
    opened = models.DateTimeField(_("since"), auto_now_add=True)
    closed = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock alert")
        verbose_name_plural = _("stock alerts")
        ordering = ["-opened"]
        constraints = [
            models.UniqueConstraint(
                fields=["stock_item"], condition=Q(closed__isnull=True), name="alert_one_open_per_stock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.stock_item_id}"


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
