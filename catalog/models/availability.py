"""What catalog knows of stock: a projection that inventory writes through `note_availability`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VariantAvailability(models.Model):
    """How many a market can sell now, over the warehouses that serve it, and the place the next one would leave from.

    No row: none.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="availabilities")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    available_total = models.IntegerField(_("available"), default=0)
    place_code = models.CharField(_("place"), max_length=40, blank=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "market"], include=["available_total"], name="catalog_variantavailability_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.market_id}: {self.available_total}"
