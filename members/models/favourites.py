"""What members keep for later. What guests keep is in their session only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    """A product a member marked with the heart."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="favourites"
    )
    product = models.ForeignKey(
        "catalog.Product", verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )
    added = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ["-added", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="members_favourite_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id}"
