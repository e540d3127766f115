"""Papers that travel with goods or go before them: packing slips, pro-forma and commercial invoices, customs forms."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.locks import LockingQuerySet
from orders.models.documents import private_files
from orders.models.fulfillment import Fulfillment
from orders.models.order import Order


class PaperKind(models.TextChoices):
    """What is printed. A pro-forma invoice is about an order, all others about a parcel."""

    PACKING_SLIP = "packing_slip", pgettext_lazy("paper", "Packing slip")
    PRO_FORMA = "pro_forma", pgettext_lazy("paper", "Pro-forma invoice")
    COMMERCIAL_INVOICE = "commercial_invoice", pgettext_lazy("paper", "Commercial invoice")
    CN22 = "cn22", pgettext_lazy("paper", "Customs declaration CN22")
    CN23 = "cn23", pgettext_lazy("paper", "Customs declaration CN23")


OF_ORDERS = frozenset({PaperKind.PRO_FORMA})
OVER_BORDERS = frozenset({PaperKind.COMMERCIAL_INVOICE, PaperKind.CN22, PaperKind.CN23})
"""Papers that only customs ask for."""


class ShippingPaper(models.Model):
    """One paper as it was made: facts, words and file are written together and never change (trigger).

    `fingerprint` is that of the facts: as long as they are the same, asking again gives the same paper; when they have
    changed, the next `version` is made and the earlier ones stay. These numbers belong to no series of a tax law.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind.choices)
    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="papers")
    fulfillment = models.ForeignKey(
        Fulfillment, verbose_name=_("parcel"), on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    number = models.CharField(_("number"), max_length=60, unique=True)
    language = models.CharField(_("language"), max_length=12)
    issued_at = models.DateTimeField(_("issued"), db_index=True)
    issued_on = models.DateField(_("date on the document"))
    fingerprint = models.CharField(max_length=64, editable=False)
    facts = models.JSONField(_("what it says"))
    sheet = models.JSONField(_("what is printed"))
    pdf = models.FileField(_("file"), upload_to="papers/%Y/%m/", storage=private_files)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("checksum"), max_length=64)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("shipping paper")
        verbose_name_plural = _("shipping papers")
        ordering = ("-pk",)
        permissions = [("issue_shippingpaper", _("Can print shipping papers"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "fulfillment", "kind", "version"],
                name="orders_paper_version_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="orders_paper_kind_known"),
            models.CheckConstraint(condition=Q(version__gt=0), name="orders_paper_counts_from_one"),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.PRO_FORMA, fulfillment__isnull=True)
                | (~Q(kind=PaperKind.PRO_FORMA) & Q(fulfillment__isnull=False)),
                name="orders_paper_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256="") & ~Q(pdf=""), name="orders_paper_file_is_whole"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.number
