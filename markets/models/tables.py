"""Look-up tables: carrier statuses and size charts, and the book of what was loaded."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, in_order, no_overlap


class TrackingStatusMap(Dated):
    """A carrier's word for what happened to a parcel, and ours."""

    provider = models.CharField(_("provider"), max_length=40)
    level = models.CharField(_("level"), max_length=20)
    carrier_code = models.CharField(_("code"), max_length=80)
    canonical = models.CharField(_("our status"), max_length=40)
    shopper_group = models.CharField(_("group shown to shoppers"), max_length=20, blank=True)
    is_terminal = models.BooleanField(_("terminal"), default=False)

    class Meta:
        verbose_name = _("tracking status")
        verbose_name_plural = _("tracking statuses")
        ordering = ["provider", "level", "carrier_code"]
        constraints = [
            no_overlap("markets_tracking_status_no_overlap", "provider", "level", "carrier_code"),
            in_order("markets_tracking_status_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.carrier_code}"


class SizeTable(Dated):
    """A size chart: columns are size systems, rows are equal sizes. Generic charts are approximate."""

    code = models.SlugField(_("code"), max_length=40)
    group = models.CharField(_("group"), max_length=40)
    columns = ArrayField(models.CharField(max_length=40), verbose_name=_("columns"))
    rows = models.JSONField(_("rows"))

    class Meta:
        verbose_name = _("size table")
        verbose_name_plural = _("size tables")
        ordering = ["code"]
        constraints = [
            no_overlap("markets_size_table_no_overlap", "code"),
            in_order("markets_size_table_in_order"),
        ]

    def __str__(self) -> str:
        return self.code


class ReferenceLoad(models.Model):
    """Which state of a reference table is loaded."""

    table = models.CharField(_("table"), max_length=60, primary_key=True)
    as_of = models.DateField(_("as of"))
    checksum = models.CharField(_("checksum"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)

    class Meta:
        verbose_name = _("loaded reference table")
        verbose_name_plural = _("loaded reference tables")
        ordering = ["table"]

    def __str__(self) -> str:
        return f"{self.table} {self.as_of}"
