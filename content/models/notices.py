"""The one line of store promise above the header."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from content.models.shown import Shown, ShownQuerySet


class StripNotice(Shown):
    """A sentence shown in the strip between two moments; open ends are allowed."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    text = models.CharField(_("text"), max_length=160)
    target = models.CharField(_("target"), max_length=200, blank=True)
    starts = models.DateTimeField(_("starts"), null=True, blank=True)
    ends = models.DateTimeField(_("ends"), null=True, blank=True)

    i18n = TranslationField(fields=("text",))
    objects: ClassVar[ShownQuerySet["StripNotice"]] = ShownQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("store notice")
        verbose_name_plural = _("store notices")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="stripnotice_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.text
