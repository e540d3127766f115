"""Product feeds: files that marketplaces and search engines fetch, one per market and language."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class ProductFeed(TimeStamped):
    """A feed that is written by the clock and served to whoever has its signed address.

    `key_number` is part of the signature: raising it makes every address given out before useless.
    """

    market = models.ForeignKey("markets.Market", verbose_name=_("market"), on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    active = models.BooleanField(_("active"), default=True)
    key_number = models.PositiveIntegerField(_("number of the key"), default=1, editable=False)
    file_name = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    checksum = models.CharField(max_length=64, blank=True, editable=False)
    items = models.PositiveIntegerField(_("products in it"), default=0, editable=False)
    left_out = models.JSONField(_("left out"), default=dict, editable=False)
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    fetched_at = models.DateTimeField(_("last fetched"), null=True, editable=False)
    failure = models.TextField(_("failure"), blank=True, editable=False)

    objects: ClassVar[LockingQuerySet["ProductFeed"]] = LockingQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("product feed")
        verbose_name_plural = _("product feeds")
        ordering = ["market", "language"]
        constraints = [models.UniqueConstraint(fields=["market", "language"], name="catalog_productfeed_once")]
        permissions = [("manage_feeds", _("Can open product feeds and change their keys"))]

    def __str__(self) -> str:
        return f"{self.market_id} {self.language}"
