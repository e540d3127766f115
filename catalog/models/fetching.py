"""Pictures that are named by an address and still have to be fetched."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PictureWish(models.Model):
    """One picture somewhere on the web, wanted for a product or one of its variants. Fetched by a worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("fetched")
        FAILED = "failed", _("given up")

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="picture_wishes")
    variant = models.ForeignKey("catalog.Variant", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    url = models.URLField(_("address"), max_length=2000)
    alt = models.CharField(_("picture in words"), max_length=200, blank=True)
    alts = models.JSONField(_("picture in words, per language"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10)
    market = models.ForeignKey("markets.Market", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=8, default="gallery")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    asset = models.ForeignKey("catalog.MediaAsset", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture to fetch")
        verbose_name_plural = _("pictures to fetch")
        ordering = ["product", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "variant", "url", "market"], name="catalog_picturewish_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="catalog_picturewish_due", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.url
