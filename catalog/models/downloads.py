"""What a virtual product consists of: files that are handed over by download, and keys that are handed out once."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped
from core.locks import LockingQuerySet


class VariantFile(TimeStamped):
    """A file buyers of a variant may download. Its content lies in the private storage under `file_name`.

    A file that is `withdrawn` is handed over no more; the row stays, because downloads of it are counted.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("name"), max_length=200)
    file_name = models.CharField(_("file"), max_length=300, unique=True)
    content_type = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    position = models.PositiveIntegerField(_("position"), default=0)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        verbose_name = _("file of a virtual product")
        verbose_name_plural = _("files of virtual products")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "name"], condition=Q(withdrawn=False), name="catalog_variantfile_name_once"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="catalog_variantfile_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class DownloadTerms(TimeStamped):
    """How often and how long the files of a variant can be downloaded, and whether a key belongs to each piece."""

    variant = models.OneToOneField("catalog.Variant", on_delete=models.PROTECT, related_name="download_terms")
    most_downloads = models.PositiveIntegerField(
        _("downloads of each file"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    days = models.PositiveIntegerField(_("days"), null=True, blank=True, validators=[MinValueValidator(1)])
    gives_keys = models.BooleanField(_("a licence key belongs to each piece"), default=False)

    class Meta:
        verbose_name = _("terms of download")
        verbose_name_plural = _("terms of download")
        constraints = [
            models.CheckConstraint(
                condition=(Q(most_downloads__isnull=True) | Q(most_downloads__gt=0))
                & (Q(days__isnull=True) | Q(days__gt=0)),
                name="catalog_downloadterms_positive",
            )
        ]

    def __str__(self) -> str:
        return str(self.variant_id)


class LicenceKey(TimeStamped):
    """One key of a variant. `given_to` names the line of the order that has it; a key is given once and stays given."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="licence_keys")
    value = models.CharField(_("key"), max_length=300)
    given_to = models.CharField(_("given to"), max_length=60, blank=True, db_index=True)
    given_at = models.DateTimeField(pgettext_lazy("when a key was given to an order", "given"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence key")
        verbose_name_plural = _("licence keys")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["variant", "value"], name="catalog_licencekey_once"),
            models.CheckConstraint(condition=~Q(value=""), name="catalog_licencekey_not_empty"),
            models.CheckConstraint(
                condition=Q(given_to="", given_at__isnull=True) | (~Q(given_to="") & Q(given_at__isnull=False)),
                name="catalog_licencekey_given_with_time",
            ),
        ]
        indexes = [models.Index(fields=["variant", "id"], condition=Q(given_to=""), name="catalog_licencekey_free")]

    def __str__(self) -> str:
        return str(self.pk)
