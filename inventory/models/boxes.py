"""Cartons that parcels are packed in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped


class Box(TimeStamped):
    """One size of carton: inner measures, own weight, and how much it may weigh when it is full."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    length_mm = models.PositiveIntegerField(_("length inside, mm"))
    width_mm = models.PositiveIntegerField(_("width inside, mm"))
    height_mm = models.PositiveIntegerField(_("height inside, mm"))
    tare_g = models.PositiveIntegerField(_("own weight, g"), default=0)
    max_weight_g = models.PositiveIntegerField(_("most it may weigh, full, g"))
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[models.Manager["Box"]] = models.Manager()

    class Meta:
        verbose_name = _("carton")
        verbose_name_plural = _("cartons")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(length_mm__gt=0) & Q(width_mm__gt=0) & Q(height_mm__gt=0), name="box_has_measures"
            ),
            models.CheckConstraint(condition=Q(max_weight_g__gt=models.F("tare_g")), name="box_carries_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.length_mm} × {self.width_mm} × {self.height_mm})"
