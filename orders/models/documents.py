"""Invoices and credit notes: numbered without gaps, frozen as they were issued, and the files made of them."""

from typing import ClassVar

import pgtrigger
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from orders.models.change import OrderChange
from orders.models.order import Order
from orders.models.refund import OrderRefund


def private_files() -> Storage:
    """Where files lie that no address leads to."""
    return storages["private"]


class DocumentKind(models.TextChoices):
    """What is numbered. Each kind of each seller has numbers of its own."""

    INVOICE = "invoice", pgettext_lazy("document", "Invoice")
    CREDIT_NOTE = "credit_note", pgettext_lazy("document", "Credit note")


class Document(models.Model):
    """One issued document. Nothing of it ever changes and it is never deleted (trigger): a mistake is put right by
    another document that names it.

    `sequence` is the place in its series, 1, 2, 3 … per seller, kind and series; `number` is how it is printed.
    `taxes` are the sums by place, rate and reason, `facts` all that it says, `sheet` the words as they are printed:
    the file is made from these two alone, so it does not matter when. A credit note's `total` is what goes back.
    When an order is changed (`change`), its invoice is credited whole and the changed order gets another one.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind.choices)
    seller = models.ForeignKey(
        "markets.LegalEntity", verbose_name=_("seller"), on_delete=models.PROTECT, related_name="+"
    )
    series = models.CharField(_("series"), max_length=12)
    sequence = models.PositiveBigIntegerField(_("number in the series"))
    number = models.CharField(_("number"), max_length=40)
    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="documents")
    refund = models.OneToOneField(
        OrderRefund, verbose_name=_("refund"), on_delete=models.PROTECT, null=True, blank=True, related_name="document"
    )
    corrects = models.ForeignKey(
        "self", verbose_name=_("corrects"), on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    change = models.ForeignKey(
        OrderChange, verbose_name=_("change"), on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=12)
    country = models.CharField(_("country"), max_length=2, help_text=_("Whose rules it follows."))
    issued_at = models.DateTimeField(_("issued"), db_index=True)
    issued_on = models.DateField(_("date on the document"))
    total = money_field(verbose_name=_("total"))
    tax_total = money_field(verbose_name=_("tax"))
    taxes = models.JSONField(_("tax by rate"))
    facts = models.JSONField(_("what it says"))
    sheet = models.JSONField(_("what is printed"))

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-pk",)
        permissions = [("view_statements", _("Can view financial statements"))]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["issued_on"], name="orders_document_by_day")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["seller", "kind", "series", "sequence"], name="orders_document_once"),
            models.UniqueConstraint(fields=["seller", "number"], name="orders_document_number_once"),
            models.UniqueConstraint(
                fields=["order", "change"],
                condition=Q(kind=DocumentKind.INVOICE),
                name="orders_document_one_invoice",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="orders_document_kind_known"),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="orders_document_counts_from_one"),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.INVOICE, refund__isnull=True, corrects__isnull=True)
                | (
                    Q(kind=DocumentKind.CREDIT_NOTE, corrects__isnull=False)
                    & (Q(refund__isnull=False, change__isnull=True) | Q(refund__isnull=True, change__isnull=False))
                ),
                name="orders_document_credit_corrects",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(tax_total__gte=0), name="orders_document_not_negative"
            ),
            exponent_check("total", "orders_document_total_digits"),
            exponent_check("tax_total", "orders_document_tax_digits"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.number


class FileState(models.TextChoices):
    """Where the file of a document stands."""

    WAITING = "waiting", pgettext_lazy("file of a document", "Waiting")
    READY = "ready", pgettext_lazy("file of a document", "Ready")


class DocumentFile(TimeStamped):
    """The PDF of a document, made once by a worker and then served as it is for ever (trigger).

    `xml` is the electronic invoice inside it, `xml_error` why there is none although there should be.
    """

    document = models.OneToOneField(Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="file")
    state = models.CharField(_("state"), max_length=8, choices=FileState.choices, default=FileState.WAITING)
    pdf = models.FileField(_("file"), upload_to="documents/%Y/%m/", storage=private_files, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    xml = models.TextField(_("electronic invoice"), blank=True)
    xml_error = models.TextField(_("why there is no electronic invoice"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    next_try_at = models.DateTimeField(_("next attempt"))
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a document")
        verbose_name_plural = _("files of documents")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=FileState.values), name="orders_document_file_state_known"),
            models.CheckConstraint(
                condition=Q(state=FileState.WAITING, sha256="", ready_at__isnull=True)
                | (Q(state=FileState.READY, ready_at__isnull=False, size__gt=0) & ~Q(sha256="") & ~Q(pdf="")),
                name="orders_document_file_ready_is_whole",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="orders_document_file_due"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_made", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state=FileState.READY)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state}"
