"""Where goods are sold, and which shelves each of these places may sell from."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from core.fields import TimeStamped


class Channel(TimeStamped):
    """A place of sale: our own pages, a shop with a till, somebody else's platform."""

    class Kind(models.TextChoices):
        WEB = "web", _("our own pages")
        STORE = "store", _("shop")
        MARKETPLACE = "marketplace", _("marketplace")

    class Stock(models.TextChoices):
        POOLED = "pooled", _("shared with the other channels")
        SEPARATE = "separate", _("of its own")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.MARKETPLACE)
    stock = models.CharField(_("stock"), max_length=10, choices=Stock.choices, default=Stock.POOLED)
    keep_back = models.PositiveIntegerField(
        _("keep back"), default=0, help_text=_("So many pieces fewer than there are is what this channel is told.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    i18n = TranslationField(fields=("name",))
    name_i18n: str

    objects: ClassVar[models.Manager["Channel"]] = models.Manager()

    class Meta:
        verbose_name = _("sales channel")
        verbose_name_plural = _("sales channels")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ChannelStock(models.Model):
    """A warehouse that belongs to channels with stock of their own: only they sell from it."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="places")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="channels")

    objects: ClassVar[models.Manager["ChannelStock"]] = models.Manager()

    class Meta:
        verbose_name = _("warehouse of a channel")
        verbose_name_plural = _("warehouses of channels")
        constraints = [
            models.UniqueConstraint(fields=["channel", "warehouse"], name="channel_warehouse_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.warehouse_id}"
