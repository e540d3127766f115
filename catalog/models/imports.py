"""What the columns of other people's tables mean."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped


class ColumnMapping(TimeStamped):
    """What the columns of one source's files mean, remembered for the next file with the same column titles.

    `columns` maps a column title to a field code of the format; an empty code leaves the column alone.
    `fingerprint` is a hash of the titles, see `catalog.importers.mapping`.
    """

    name = models.CharField(_("source"), max_length=80, unique=True)
    format = models.CharField(_("format"), max_length=40)
    fingerprint = models.CharField(max_length=64, db_index=True, editable=False)
    columns = models.JSONField(_("columns"), default=dict)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[models.Manager["ColumnMapping"]] = models.Manager()

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
