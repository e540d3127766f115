"""Results of integrity runs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IntegrityRun(models.Model):
    """One run of `check_integrity`: how many rows each check found, zero being right."""

    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True)
    found = models.JSONField(_("found"), default=dict)
    is_clean = models.BooleanField(_("clean"), default=False)

    class Meta:
        verbose_name = _("integrity run")
        verbose_name_plural = _("integrity runs")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M}"
