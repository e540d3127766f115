"""Buyers whose tax is not everybody's: their tax numbers with proof of the check, and exemptions with a document."""

from typing import Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.sealing import FingerprintField, SealBroken, SealedField, fingerprints, unseal
from markets.models.dated import Dated, in_order


def private_files() -> Storage:
    """Where files lie that no address leads to."""
    return storages["private"]


UNREADABLE = pgettext_lazy("tax number", "cannot be read")


class TaxIdStatus(models.TextChoices):
    UNCHECKED = "unchecked", pgettext_lazy("tax number", "not checked")
    VALID = "valid", pgettext_lazy("tax number", "valid")
    INVALID = "invalid", pgettext_lazy("tax number", "not valid")
    UNAVAILABLE = "unavailable", pgettext_lazy("tax number", "register not reachable")


class TaxIdQuerySet(LockingQuerySet["BuyerTaxId"]):
    """Numbers are sealed, so they are looked for by their fingerprint."""

    def numbered(self, number: str) -> Self:
        """Rows with this number in its usual spelling, whichever key has sealed them."""
        return self.filter(number_print__in=fingerprints(number))

    def closed(self) -> Self:
        """Rows whose number is opened only when it is shown, so that one that no key opens is a row all the same."""
        return self.defer("number").annotate(closed_number=Cast("number", models.TextField()))


class BuyerTaxId(TimeStamped):
    """A buyer's tax or identity number, what its register said, and when. An order keeps its own by its number.

    The number is sealed in the database (`core.sealing`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("customer"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    reference = models.CharField(
        _("order or checkout"), max_length=64, blank=True, help_text=_("The number of the order it was given for.")
    )
    country = models.CharField(_("country"), max_length=2)
    kind = models.CharField(_("kind"), max_length=12)
    number = SealedField(_("number"))
    number_print = FingerprintField(of="number")
    status = models.CharField(_("status"), max_length=12, choices=TaxIdStatus.choices, default=TaxIdStatus.UNCHECKED)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.CharField(_("checked with"), max_length=40, blank=True)
    consultation_ref = models.CharField(_("number of the consultation"), max_length=80, blank=True)
    response_hash = models.CharField(_("checksum of the answer"), max_length=64, blank=True)
    evidence = models.JSONField(_("the register's answer"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    objects = TaxIdQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax number of a buyer")
        verbose_name_plural = _("tax numbers of buyers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "reference", "country", "kind", "number_print"],
                name="markets_buyer_tax_id_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(reference=""), name="markets_buyer_tax_id_has_owner"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["valid", "invalid"]) | Q(checked_at__isnull=False),
                name="markets_buyer_tax_id_checked_when",
            ),
            models.CheckConstraint(condition=~Q(number_print=""), name="markets_buyer_tax_id_has_number"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="markets_buyer_tax_id_due", condition=Q(status="unavailable")),
            models.Index(fields=["reference"], name="markets_buyer_tax_id_order", condition=~Q(reference="")),
        ]
        permissions = [
            ("check_buyertaxid", _("Can check tax numbers of buyers")),
            ("reveal_buyertaxid", _("Can see whole tax and identity numbers of buyers")),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.kind} {self.masked}"

    @property
    def masked(self) -> str:
        """The number as it is shown in lists: the last three characters only, or that it cannot be read."""
        number = self.readable
        return str(UNREADABLE) if number is None else "•" * max(len(number) - 3, 0) + number[-3:]

    @property
    def readable(self) -> str | None:
        """The whole number; None where no key of the settings opens it."""
        closed: str | None = self.__dict__.get("closed_number")
        try:
            return self.number if closed is None else unseal(closed)
        except SealBroken:
            return None


class TaxExemption(Dated):
    """A customer who owes no tax in a place, with the paper that proves it. It counts from its approval on."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="+"
    )
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("state or province"), max_length=60, blank=True)
    number = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    document = models.FileField(_("document"), upload_to="exemptions/%Y/", storage=private_files)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+", editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("tax exemption")
        verbose_name_plural = _("tax exemptions")
        ordering = ["-pk"]
        constraints = [
            in_order("markets_exemption_in_order"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="markets_exemption_approved_by_somebody",
            ),
        ]
        permissions = [("approve_taxexemption", _("Can approve tax exemptions"))]

    def __str__(self) -> str:
        return f"{self.country} {self.region} {self.user_id}"
