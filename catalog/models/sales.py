"""What sold lately: told by orders, counted per market, read by listings and the search."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SoldPieces(models.Model):
    """How many of a product one order took, as it stands now: what was canceled or came back does not count."""

    order_ref = models.CharField(_("order"), max_length=40)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    sold_at = models.DateTimeField(_("sold"))
    pieces = models.PositiveIntegerField(_("pieces"))

    class Meta:
        verbose_name = _("pieces sold")
        verbose_name_plural = _("pieces sold")
        indexes = [models.Index(fields=["sold_at"], name="catalog_soldpieces_when")]
        constraints = [
            models.UniqueConstraint(fields=["order_ref", "product"], name="catalog_soldpieces_once"),
            models.CheckConstraint(condition=models.Q(pieces__gt=0), name="catalog_soldpieces_some"),
        ]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.pieces} × {self.product_id}"


class Popularity(models.Model):
    """Pieces of a product that a market bought in the last ninety days, as last counted. No row: none."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="popularity")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    sold = models.PositiveIntegerField(_("sold"))

    class Meta:
        verbose_name = _("popularity")
        verbose_name_plural = _("popularities")
        constraints = [
            models.UniqueConstraint(fields=["product", "market"], include=["sold"], name="catalog_popularity_once"),
            models.CheckConstraint(condition=models.Q(sold__gt=0), name="catalog_popularity_some"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.market_id}: {self.sold}"
