"""Days on which one warehouse differs from the calendar of its country."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class WarehouseHoliday(models.Model):
    """A day on which a warehouse rests although its country works, or works although its country rests."""

    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="own_days")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100, help_text=_("Stocktaking, move, long Saturday."))
    is_open = models.BooleanField(
        _("works on that day"), default=False, help_text=_("Otherwise the warehouse rests on that day.")
    )

    objects: ClassVar[models.Manager["WarehouseHoliday"]] = models.Manager()

    class Meta:
        verbose_name = _("special day of a warehouse")
        verbose_name_plural = _("special days of warehouses")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "day"], name="warehouse_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}: {self.day} {self.name}"
