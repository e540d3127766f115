"""Pictures, films and models of products."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from catalog.models.translations import Translated


class MediaAsset(Translated):
    """A file with its size known. `widths` names the smaller files beside it: `kettle-400.webp` for 400.

    `renditions` says which copies workers have made since: format to widths, such as `{"jpeg": [400, 800]}`; nothing
    until then. `captions` of a film: language to the name of a WebVTT file in the same storage.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        VIDEO = "video", _("Film")
        MODEL = "model", _("3D model")

    code = models.CharField(_("code"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.IMAGE)
    file = models.FileField(_("file"), upload_to="catalog/%Y/%m", max_length=200)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    widths = ArrayField(models.PositiveIntegerField(), verbose_name=_("smaller widths"), default=list, blank=True)
    renditions = models.JSONField(null=True, default=None, editable=False)
    poster = models.ForeignKey(
        "self", verbose_name=_("picture before the film plays"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    captions = models.JSONField(_("captions"), default=dict, blank=True)
    alt = models.CharField(_("description for the blind"), max_length=200, blank=True)
    market = models.ForeignKey(
        "markets.Market", verbose_name=_("market"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_url = models.URLField(_("fetched from"), max_length=500, blank=True)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True, db_index=True)
    i18n = TranslationField(fields=("alt",))

    objects: ClassVar[models.Manager["MediaAsset"]] = models.Manager()

    class Meta:
        verbose_name = _("picture or film")
        verbose_name_plural = _("pictures and films")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="catalog_mediaasset_size_is_known"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(renditions__isnull=True, kind="image"),
                name="catalog_mediaasset_no_copies",
            ),
            GinIndex(OpClass(Upper("code"), name="gin_trgm_ops"), name="catalog_mediaasset_code_near"),
            GinIndex(OpClass(Upper("alt"), name="gin_trgm_ops"), name="catalog_mediaasset_alt_near"),
        ]

    def __str__(self) -> str:
        return self.code


class ProductMedia(models.Model):
    """A picture in a product's gallery; in one market only when `market` is set (it then comes first)."""

    class Role(models.TextChoices):
        GALLERY = "gallery", _("Gallery")
        SCALE = "scale", _("Dimensions")
        LIFE = "life", _("In use")

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="media")
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.GALLERY)
    position = models.PositiveIntegerField(_("position"), default=0)
    market = models.ForeignKey(
        "markets.Market", verbose_name=_("market"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("picture of a product")
        verbose_name_plural = _("pictures of products")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "asset", "market"], name="catalog_productmedia_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.asset_id}"


class VariantMedia(models.Model):
    """A picture that shows one variant; the gallery starts with these when the variant is chosen."""

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="media")
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("picture of a variant")
        verbose_name_plural = _("pictures of variants")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["variant", "asset"], name="catalog_variantmedia_once")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.asset_id}"
