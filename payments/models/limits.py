"""The brake against trying out stolen cards, as rows an operator can change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VelocityLimit(models.Model):
    """After `failures` failed attempts within `minutes` something is done, for `lasts_minutes` from the last of them.

    A challenge is passed by a pause and by typing the total again; a block by nothing. Cards are those that the order
    was tried with: before that no shop knows which card will be used.
    """

    class Scope(models.TextChoices):
        ORDER = "order", _("per order")
        VISITOR = "visitor", _("per visitor")
        ACCOUNT = "account", _("per member or email")
        CARD = "card", _("per card")

    class Effect(models.TextChoices):
        CHALLENGE = "challenge", _("pause, and type the total again")
        BLOCK = "block", _("no payment")

    scope = models.CharField(_("counted"), max_length=10, choices=Scope.choices)
    failures = models.PositiveSmallIntegerField(_("failed attempts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    effect = models.CharField(_("what is done"), max_length=10, choices=Effect.choices, default=Effect.BLOCK)
    lasts_minutes = models.PositiveSmallIntegerField(_("for so many minutes"), default=60)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("attempt limit")
        verbose_name_plural = _("attempt limits")
        constraints = [
            models.UniqueConstraint(fields=["scope", "minutes"], name="velocity_limit_once"),
            models.CheckConstraint(
                condition=Q(failures__gt=0, minutes__gt=0, lasts_minutes__gt=0), name="velocity_limit_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.failures}/{self.minutes}"
