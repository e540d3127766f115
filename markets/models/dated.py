"""Rows that hold for a period: laws, rates and registrations change, and old orders keep the old ones."""

from datetime import date
from typing import Any, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    """Rows with a period; both ends are inclusive and an empty end is open."""

    def on(self, day: date) -> Self:
        """The rows that hold on `day`."""
        return self.filter(
            Q(effective_from__isnull=True) | Q(effective_from__lte=day),
            Q(effective_to__isnull=True) | Q(effective_to__gte=day),
        )

    def open_ended(self) -> Self:
        return self.filter(effective_to__isnull=True)


class Verification(models.TextChoices):
    SOURCE = "S", _("supported by a named source")
    LIBRARY = "L", _("produced by a library")
    MEMORY = "M", _("unverified, to be confirmed")
    CONFLICT = "C", _("sources disagree")
    OWN = "D", _("own policy or arithmetic")


class Sourced(models.Model):
    """Where a fact comes from and how sure we are of it."""

    verification = models.CharField(
        _("verification"), max_length=1, choices=Verification.choices, default=Verification.OWN
    )
    sources = models.JSONField(_("sources"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)

    class Meta:
        abstract = True


class Dated(Sourced):
    """A sourced fact with a period."""

    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    effective_to = models.DateField(_("effective to"), null=True, blank=True, help_text=_("The last day, inclusive."))

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise ValidationError({"effective_to": _("The last day lies before the first day.")})

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


def period() -> Func:
    """The row's period as a PostgreSQL range."""
    return Func(
        F("effective_from"), F("effective_to"), Value("[]"), function="daterange", output_field=DateRangeField()
    )


def no_overlap(name: str, *keys: str) -> ExclusionConstraint:
    """Two rows with the same `keys` never hold on the same day."""
    expressions: list[Any] = [(key, RangeOperators.EQUAL) for key in keys]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, (period(), RangeOperators.OVERLAPS)],
        violation_error_message=_("Another row with the same key already holds in this period."),
    )


def in_order(name: str) -> models.CheckConstraint:
    """The period does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(effective_from__isnull=True)
        | Q(effective_to__isnull=True)
        | Q(effective_to__gte=F("effective_from")),
        name=name,
    )
