"""What catalog knows of stock: a projection that inventory writes through `note_availability`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VariantAvailability(models.Model):
    """How many can be sold now, over all warehouses, and the place the next one would leave from."""

    variant = models.OneToOneField(
        "catalog.Variant", primary_key=True, on_delete=models.CASCADE, related_name="availability"
    )
    available_total = models.IntegerField(_("available"), default=0)
    place_code = models.CharField(_("place"), max_length=40, blank=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.available_total}"
