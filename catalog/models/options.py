"""Options a shopper chooses from: colour, size, capacity."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from catalog.models.translations import Translated


class OptionType(Translated):  # type: ignore[django-manager-missing] # modeltrans swaps managers
    """A kind of choice, such as colour. The code is what addresses and imports use."""

    class Input(models.TextChoices):
        SWATCH = "swatch", _("Colour swatch")
        BUTTON = "button", _("Button")
        SELECT = "select", _("Drop-down")

    code = models.SlugField(_("code"), max_length=40, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=80)
    input = models.CharField(_("shown as"), max_length=10, choices=Input.choices, default=Input.BUTTON)
    position = models.PositiveIntegerField(_("position"), default=0)
    i18n = TranslationField(fields=("name",))

    objects: ClassVar[models.Manager["OptionType"]] = models.Manager()

    class Meta:
        verbose_name = _("option type")
        verbose_name_plural = _("option types")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class OptionValue(Translated):
    """A value of an option type. `hex` is its colour; a material without one colour leaves it empty."""

    option_type = models.ForeignKey(
        OptionType, verbose_name=_("option type"), on_delete=models.PROTECT, related_name="values"
    )
    code = models.SlugField(_("code"), max_length=60, allow_unicode=True)
    name = models.CharField(_("name"), max_length=80)
    hex = models.CharField(_("colour"), max_length=7, null=True, blank=True)  # noqa: DJ001  # DOMAIN 1: null means no colour
    image = models.ForeignKey(
        "catalog.MediaAsset",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    i18n = TranslationField(fields=("name",))

    objects: ClassVar[models.Manager["OptionValue"]] = models.Manager()

    class Meta:
        verbose_name = _("option value")
        verbose_name_plural = _("option values")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["option_type", "code"], name="catalog_optionvalue_code_once"),
            models.UniqueConstraint(fields=["id", "option_type"], name="catalog_optionvalue_with_type"),
            models.CheckConstraint(
                condition=models.Q(hex__isnull=True) | models.Q(hex__regex=r"^#[0-9a-f]{6}$"),
                name="catalog_optionvalue_hex_is_a_colour",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductOption(models.Model):
    """An option a product has, and in which place."""

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="options")
    option_type = models.ForeignKey(OptionType, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("product option")
        verbose_name_plural = _("product options")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "option_type"], name="catalog_productoption_once"),
            models.UniqueConstraint(
                fields=["id", "product", "option_type"], name="catalog_productoption_with_product_and_type"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.option_type_id}"


class VariantOption(models.Model):
    """The value a variant has for one of its product's options.

    `product` and `option_type` repeat what the parents say so that composite foreign keys (migration
    0002) can refuse a value of another type or an option of another product.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.CASCADE, related_name="option_values")
    product_option = models.ForeignKey(ProductOption, on_delete=models.PROTECT, related_name="+")
    option_value = models.ForeignKey(OptionValue, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", editable=False)
    option_type = models.ForeignKey(OptionType, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("option of a variant")
        verbose_name_plural = _("options of variants")
        constraints = [models.UniqueConstraint(fields=["variant", "product_option"], name="catalog_variantoption_once")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.option_value_id}"
