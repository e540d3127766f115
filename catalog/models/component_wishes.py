"""Contents of sets that are named by a SKU the shop does not have yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ComponentWish(models.Model):
    """A file says that a set holds a SKU; the set gets its contents when every SKU it waits for is there."""

    bundle_variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="component_wishes")
    sku = models.CharField(_("SKU"), max_length=80, db_index=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    price_weight = models.PositiveIntegerField(_("share of the price"), default=1)
    optional = models.BooleanField(_("can be left out"), default=False)
    activates = models.BooleanField(_("puts the set on sale"), default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("awaited component of a set")
        verbose_name_plural = _("awaited components of sets")
        constraints = [
            models.UniqueConstraint(fields=["bundle_variant", "sku"], name="catalog_componentwish_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="catalog_componentwish_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_variant_id}: {self.sku}"
