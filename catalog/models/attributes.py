"""Structured details: material, care, dimensions, safety."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from catalog.models.translations import Translated


class AttributeDef(Translated):  # type: ignore[django-manager-missing] # modeltrans swaps managers
    """A detail products can have. `section` is the block of the product page it belongs to."""

    class DataType(models.TextChoices):
        ENUM = "enum", _("Choice")
        NUMBER = "number", _("Number")
        BOOL = "bool", _("Yes or no")
        TEXT = "text", _("Text")
        DATE = "date", _("Date")

    class Section(models.TextChoices):
        DETAILS = "details", _("Details")
        DIMENSIONS = "dimensions", _("Dimensions")
        SAFETY = "safety", _("Safety")

    code = models.SlugField(_("code"), max_length=40, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=80)
    data_type = models.CharField(_("kind of value"), max_length=10, choices=DataType.choices)
    section = models.CharField(_("block"), max_length=12, choices=Section.choices, default=Section.DETAILS)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    filterable = models.BooleanField(_("filterable"), default=False)
    comparable = models.BooleanField(_("comparable"), default=True)
    searchable = models.BooleanField(_("searchable"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    product_types = models.ManyToManyField(
        "catalog.ProductType", verbose_name=_("product types"), blank=True, related_name="attributes",
        help_text=_("The types of products that have this detail. None chosen: all of them."),
    )  # fmt: skip
    i18n = TranslationField(fields=("name",))

    objects: ClassVar[models.Manager["AttributeDef"]] = models.Manager()

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class AttributeOption(Translated):
    """A choice of an enum attribute."""

    attribute = models.ForeignKey(AttributeDef, on_delete=models.PROTECT, related_name="options")
    code = models.SlugField(_("code"), max_length=60, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=0)
    i18n = TranslationField(fields=("name",))

    objects: ClassVar[models.Manager["AttributeOption"]] = models.Manager()

    class Meta:
        verbose_name = _("attribute choice")
        verbose_name_plural = _("attribute choices")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["attribute", "code"], name="catalog_attributeoption_code_once")]

    def __str__(self) -> str:
        return self.name


class ProductAttribute(Translated):
    """One detail of one product. Exactly one value column is filled; an enum may have several rows."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(AttributeDef, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(AttributeOption, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    number = models.DecimalField(_("number"), max_digits=14, decimal_places=4, null=True, blank=True)
    text_value = models.TextField(_("text"), null=True, blank=True)  # noqa: DJ001  # null is "another kind of value"
    bool_value = models.BooleanField(_("yes or no"), null=True, blank=True)
    date_value = models.DateField(_("date"), null=True, blank=True)
    i18n = TranslationField(fields=("text_value",))

    objects: ClassVar[models.Manager["ProductAttribute"]] = models.Manager()

    class Meta:
        verbose_name = _("detail of a product")
        verbose_name_plural = _("details of products")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(option__isnull=False, number=None, text_value=None, bool_value=None, date_value=None)
                    | Q(option=None, number__isnull=False, text_value=None, bool_value=None, date_value=None)
                    | Q(option=None, number=None, text_value__isnull=False, bool_value=None, date_value=None)
                    | Q(option=None, number=None, text_value=None, bool_value__isnull=False, date_value=None)
                    | Q(option=None, number=None, text_value=None, bool_value=None, date_value__isnull=False)
                ),
                name="catalog_productattribute_has_one_value",
            ),
            models.UniqueConstraint(
                fields=["product", "attribute"],
                condition=Q(option__isnull=True),
                name="catalog_productattribute_once",
            ),
            models.UniqueConstraint(
                fields=["product", "attribute", "option"],
                condition=Q(option__isnull=False),
                name="catalog_productattribute_option_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.attribute_id}"
