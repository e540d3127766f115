"""The brake against trying out stolen cards, as rows an operator can change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VelocityLimit(models.Model):
    """At most `failures` failed attempts in `minutes`, per order or per visitor."""

    class Scope(models.TextChoices):
        ORDER = "order", _("per order")
        VISITOR = "visitor", _("per visitor")

    scope = models.CharField(_("counted"), max_length=10, choices=Scope.choices)
    failures = models.PositiveSmallIntegerField(_("failed attempts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("attempt limit")
        verbose_name_plural = _("attempt limits")
        constraints = [
            models.UniqueConstraint(fields=["scope", "minutes"], name="velocity_limit_once"),
            models.CheckConstraint(condition=Q(failures__gt=0, minutes__gt=0), name="velocity_limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.failures}/{self.minutes}"
