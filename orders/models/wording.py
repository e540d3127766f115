"""What a state of an order is called in one market or country: words only, the states are the same everywhere."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped


class StationKey(models.TextChoices):
    """The stations of the chain that customers are shown, see `orders.states`."""

    PENDING_PAYMENT = "pending_payment", pgettext_lazy("state of an order", "Waiting for payment")
    PAID = "paid", pgettext_lazy("state of an order", "Paid")
    PREPARING = "preparing", pgettext_lazy("state of an order", "Being prepared")
    SHIPPED = "shipped", pgettext_lazy("state of an order", "On its way")
    COMPLETED = "completed", pgettext_lazy("state of an order", "Delivered")
    AFTER_SALES = "after_sales", pgettext_lazy("state of an order", "Return or refund")
    CANCELED = "canceled", pgettext_lazy("state of an order", "Canceled")
    EXPIRED = "expired", pgettext_lazy("state of an order", "Not paid in time")


class StationWording(TimeStamped):
    """Other words for one station, in one language. Of several that fit, the country's win over the market's."""

    market = models.CharField(_("market"), max_length=12, blank=True, help_text=_("Empty: every market."))
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Empty: every country."))
    language = models.CharField(_("language"), max_length=12)
    station = models.CharField(
        pgettext_lazy("where something stands", "state"), max_length=16, choices=StationKey.choices
    )
    label = models.CharField(_("name"), max_length=60)
    sentence = models.CharField(
        _("what it means"), max_length=300, blank=True, help_text=_("Empty: the shop's own sentence.")
    )

    class Meta:
        verbose_name = _("name of a state of orders")
        verbose_name_plural = _("names of states of orders")
        ordering = ("market", "country", "station", "language")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["market", "country", "station", "language"], name="orders_station_wording_once"
            ),
            models.CheckConstraint(condition=Q(station__in=StationKey.values), name="orders_station_wording_known"),
            models.CheckConstraint(
                condition=~Q(label="") & ~(Q(market="") & Q(country="")), name="orders_station_wording_of_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market or '*'}/{self.country or '*'} {self.station} ({self.language})"
