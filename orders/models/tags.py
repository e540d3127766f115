"""Words that operators put on orders, to find and to work on what belongs together."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from orders.models.order import Order


class TagTone(models.TextChoices):
    """How a tag looks."""

    PLAIN = "plain", pgettext_lazy("colour of a tag", "Grey")
    BRAND = "brand", pgettext_lazy("colour of a tag", "Shop")
    OK = "ok", pgettext_lazy("colour of a tag", "Green")
    WARN = "warn", pgettext_lazy("colour of a tag", "Yellow")
    BAD = "bad", pgettext_lazy("colour of a tag", "Red")


class OrderTag(TimeStamped):
    """A word for orders. Capitals make no other word; one that is out of use stays on the orders that have it."""

    name = models.CharField(pgettext_lazy("of a tag", "word"), max_length=40)
    tone = models.CharField(_("colour"), max_length=8, choices=TagTone.choices, default=TagTone.PLAIN)
    in_use = models.BooleanField(_("can be put on orders"), default=True)

    class Meta:
        verbose_name = _("tag of orders")
        verbose_name_plural = _("tags of orders")
        ordering = ("name",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Upper("name"), name="orders_tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="orders_tag_says_something"),
            models.CheckConstraint(condition=Q(tone__in=TagTone.values), name="orders_tag_tone_known"),
        ]

    def __str__(self) -> str:
        return self.name


class OrderTagging(models.Model):
    """A tag on an order, once. Taking it off deletes the row; both are written in the order's history."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="taggings")
    tag = models.ForeignKey(OrderTag, on_delete=models.PROTECT, related_name="taggings")
    put_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "tag"], name="orders_tagging_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["tag", "order"], name="orders_tagging_of_tag"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.tag_id}"
