"""Places that hold stock."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from core.fields import TimeStamped


class Warehouse(TimeStamped):
    """A place goods are sent from: our own, somebody else's, a shop, a drop-shipper's, or a bonded one."""

    class Kind(models.TextChoices):
        OWN = "own", _("own")
        THIRD_PARTY = "3pl", _("third party")
        STORE = "store", _("shop")
        DROPSHIP = "dropship", _("drop-ship")
        BONDED = "bonded", _("bonded")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    city = models.CharField(_("city"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OWN)
    address = models.JSONField(_("address"), default=dict)
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    timezone = models.CharField(_("time zone"), max_length=50)
    cutoff = models.TimeField(_("orders until"), help_text=_("Local time; later orders leave a working day later."))
    handling_days = models.PositiveSmallIntegerField(_("handling days"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    i18n = TranslationField(fields=("name", "city"))
    name_i18n: str
    city_i18n: str

    objects: ClassVar[models.Manager["Warehouse"]] = models.Manager()

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="warehouse_country_code"),
        ]

    def __str__(self) -> str:
        return self.name


class WarehousePriority(models.Model):
    """From where a market is served first. A warehouse without a row does not serve the market."""

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="priorities")
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("warehouse order of a market")
        verbose_name_plural = _("warehouse order of markets")
        ordering = ["market", "position"]
        constraints = [
            models.UniqueConstraint(fields=["market", "warehouse"], name="warehouse_once_per_market"),
            models.UniqueConstraint(
                fields=["market", "position"],
                name="warehouse_position_per_market",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}: {self.position}. {self.warehouse_id}"
