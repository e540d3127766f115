"""Reviews: real words of buyers, shown after a look."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.locks import LockingQuerySet
from core.transitions import Transitions


class Review(Transitions):
    """What one buyer says. `language` is the one it was written in; `translations` maps others to title and body."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Shown")
        REJECTED = "rejected", _("Not shown")

    transitions: ClassVar[dict[str, dict[str, frozenset[str] | set[str]]]] = {
        "state": {"pending": {"approved", "rejected"}, "approved": {"rejected"}, "rejected": {"approved"}}
    }

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="reviews")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    rating = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    title = models.CharField(_("title"), max_length=160, blank=True)
    body = models.TextField(_("text"), blank=True)
    author_name = models.CharField(_("name shown"), max_length=80)
    author_ref = models.CharField(_("author"), max_length=80, blank=True)
    order_ref = models.CharField(_("order"), max_length=40, blank=True)
    verified = models.BooleanField(_("bought here"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    written_on = models.DateField(_("written on"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    assets = models.ManyToManyField("catalog.MediaAsset", verbose_name=_("pictures"), blank=True, related_name="+")

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-written_on", "-id"]
        indexes = [models.Index(fields=["product", "state", "-written_on"], name="catalog_review_shown")]
        constraints = [
            models.CheckConstraint(condition=models.Q(rating__gte=1, rating__lte=5), name="catalog_review_stars"),
            models.UniqueConstraint(
                fields=["product", "author_ref"],
                condition=~models.Q(author_ref=""),
                name="catalog_review_once_per_author",
            ),
        ]
        permissions = [("moderate_review", _("Can approve and reject reviews"))]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.rating}"
