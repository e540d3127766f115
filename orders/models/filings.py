"""Returns to the one-stop shops that were filed: when, under which reference, and the file as it was handed in."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import exponent_check, money_field
from core.locks import LockingQuerySet


class FilingScheme(models.TextChoices):
    """Which shop a return was filed with."""

    OSS = "oss", _("One-stop shop (OSS), per quarter")
    IOSS = "ioss", _("Import one-stop shop (IOSS), per month")


class TaxFiling(models.Model):
    """That the return of one seller, scheme and period was filed. Never changed, never deleted (trigger): what was
    wrong in it is corrected by a later return. `content` is the CSV as it was handed in, `total` what was to be paid.
    """

    seller = models.ForeignKey(
        "markets.LegalEntity", verbose_name=_("seller"), on_delete=models.PROTECT, related_name="+"
    )
    scheme = models.CharField(_("scheme"), max_length=4, choices=FilingScheme.choices)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    filed_on = models.DateField(_("filed on"))
    reference = models.CharField(_("reference"), max_length=60)
    total = money_field(verbose_name=_("to pay"))
    content = models.TextField(_("file"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("filed return")
        verbose_name_plural = _("filed returns")
        ordering = ("-first", "-pk")
        permissions = [("record_taxfiling", _("Can record that a return was filed"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["seller", "scheme", "first"], name="orders_filing_once"),
            models.CheckConstraint(condition=Q(scheme__in=FilingScheme.values), name="orders_filing_scheme_known"),
            models.CheckConstraint(
                condition=Q(last__gt=F("first")) & Q(filed_on__gt=F("last")), name="orders_filing_days_in_order"
            ),
            models.CheckConstraint(condition=~Q(reference="") & ~Q(content=""), name="orders_filing_is_whole"),
            exponent_check("total", "orders_filing_total_digits"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.reference
