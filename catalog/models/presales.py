"""Variants that are sold before they are there: from when they leave, and how many may be sold until then."""

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class Presale(TimeStamped):
    """The pre-sale of one variant. `sold` counts the pieces of living orders; it never exceeds `most_in_all`.

    It is open until `released_at` is written: from then on the variant is sold like any other.
    """

    variant = models.OneToOneField("catalog.Variant", on_delete=models.PROTECT, related_name="presale")
    release_on = models.DateField(_("leaves from"), help_text=_("The first day on which it is sent."))
    warehouse_code = models.CharField(_("warehouse it will come to"), max_length=40)
    most_in_all = models.PositiveIntegerField(
        _("most pieces before the release"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    most_per_order = models.PositiveIntegerField(
        _("most pieces per order"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    most_per_customer = models.PositiveIntegerField(
        _("most pieces per customer"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    sold = models.PositiveIntegerField(_("sold ahead"), default=0, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-sale")
        verbose_name_plural = _("pre-sales")
        ordering = ["release_on", "pk"]
        indexes = [
            models.Index(fields=["release_on"], condition=Q(released_at__isnull=True), name="catalog_presale_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_in_all__isnull=True) | Q(sold__lte=F("most_in_all")),
                name="catalog_presale_sold_within_limit",
            ),
            models.CheckConstraint(
                condition=(Q(most_in_all__isnull=True) | Q(most_in_all__gt=0))
                & (Q(most_per_order__isnull=True) | Q(most_per_order__gt=0))
                & (Q(most_per_customer__isnull=True) | Q(most_per_customer__gt=0)),
                name="catalog_presale_limits_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.release_on}"

    @property
    def is_open(self) -> bool:
        """Whether it is still sold ahead."""
        return self.released_at is None

    def left(self) -> int | None:
        """How many pieces may still be sold ahead; no number when there is no limit."""
        return None if self.most_in_all is None else max(self.most_in_all - self.sold, 0)

    def has_come(self, today: date) -> bool:
        """Whether the day has come on which it may leave."""
        return self.release_on <= today
