"""Places that hold stock."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
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
    subdivision = models.CharField(
        _("region"), max_length=10, blank=True,
        help_text=_("Code of the region without the country's, such as SN; its public holidays are kept too."),
    )  # fmt: skip
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("works on"), default=list, blank=True, db_default=[],
        help_text=_("Nothing chosen: the working week of the country."),
    )  # fmt: skip
    over_percent = models.PositiveSmallIntegerField(
        _("too many from, percent of the target"), default=150, db_default=150,
        help_text=_("Of the target quantity of a shelf; an alert opens above it."),
    )  # fmt: skip
    ageing_days = models.PositiveSmallIntegerField(
        _("not selling after, days"), default=180, db_default=180,
        help_text=_("Nothing left for so long: an alert opens."),
    )  # fmt: skip
    expiring_days = models.PositiveSmallIntegerField(
        _("expires soon within, days"), default=30, db_default=30,
        help_text=_("A batch that has no longer to go opens an alert."),
    )  # fmt: skip
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
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]), name="warehouse_weekdays_exist"
            ),
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
