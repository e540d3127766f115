"""By which way the buyer came: a campaign, a link on another site, or nothing that is known."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderOrigin(models.Model):
    """The first and the last way by which the buyer came in the visit that became the order; frozen with it.

    Both hold the words of a link's address (`source`, `medium`, `campaign`, `term`, `content`), the `referrer` host,
    the `landing` path without its query, `at` in ISO 8601, and, only where the visitor agreed, `clicks`: click
    numbers of advertising networks by their names. Empty words are left out. No row: nothing was known.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="origin", verbose_name=_("order"))
    first = models.JSONField(_("came first by"))
    last = models.JSONField(_("came last by"))

    class Meta:
        verbose_name = _("origin of an order")
        verbose_name_plural = _("origins of orders")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(first__has_key="at", last__has_key="at"), name="orders_origin_has_times")
        ]

    def __str__(self) -> str:
        return str(self.order_id)
