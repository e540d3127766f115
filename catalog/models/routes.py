"""Addresses: one current slug per language, and every slug there ever was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Route(models.Model):
    """A slug of a product or category in one language. Old ones stay and redirect to the current one."""

    language = models.CharField(_("language"), max_length=12)
    slug = models.CharField(_("slug"), max_length=160)
    product = models.ForeignKey(
        "catalog.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="routes"
    )
    category = models.ForeignKey(
        "catalog.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="routes"
    )
    current = models.BooleanField(_("current"), default=True)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="catalog_route_slug_once"),
            models.UniqueConstraint(
                fields=["product", "language"],
                condition=Q(current=True, product__isnull=False),
                name="catalog_route_one_current_per_product",
            ),
            models.UniqueConstraint(
                fields=["category", "language"],
                condition=Q(current=True, category__isnull=False),
                name="catalog_route_one_current_per_category",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False, category__isnull=True)
                | Q(product__isnull=True, category__isnull=False),
                name="catalog_route_leads_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language}/{self.slug}"
