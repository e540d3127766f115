"""Products, their variants, and where they are offered."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from catalog.models.translations import Translated
from core.fields import TimeStamped
from core.locks import LockingQuerySet


class ProductType(models.Model):  # type: ignore[django-manager-missing] # modeltrans swaps managers
    """What kind of thing a product is, and the options such things usually have."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", _("Goods")
        VIRTUAL = "virtual", _("Virtual")
        GIFT_CARD = "giftcard", _("Gift card")
        SERVICE = "service", _("Service")

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    requires_shipping = models.BooleanField(_("is sent"), default=True)
    size_tables = ArrayField(
        models.SlugField(max_length=40), verbose_name=_("size tables"), default=list, blank=True,
        help_text=_("Codes of size tables that things of this type are made by, such as shoes_women."),
    )  # fmt: skip
    default_options = models.ManyToManyField(
        "catalog.OptionType", verbose_name=_("usual options"), blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("product type")
        verbose_name_plural = _("product types")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Maker(models.Model):
    """Who answers for a product: its manufacturer, or the responsible person in the market (EU 2023/988)."""

    code = models.SlugField(_("code"), max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=160)
    postal_address = models.TextField(_("postal address"))
    email = models.EmailField(_("email"), blank=True)
    website = models.URLField(_("website"), blank=True)
    country = models.CharField(_("country"), max_length=2)

    class Meta:
        verbose_name = _("maker or responsible person")
        verbose_name_plural = _("makers and responsible persons")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(website=""), name="catalog_maker_can_be_reached_online")
        ]

    def __str__(self) -> str:
        return self.name


class Brand(Translated):  # type: ignore[django-manager-missing] # modeltrans swaps managers
    """The name on the product, as shoppers know it."""

    code = models.SlugField(_("code"), max_length=80, unique=True, allow_unicode=True)
    name = models.CharField(_("name"), max_length=120)
    story = models.TextField(_("story"), blank=True)
    i18n = TranslationField(fields=("story",))

    objects: ClassVar[models.Manager["Brand"]] = models.Manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(Translated, TimeStamped):  # type: ignore[django-manager-missing] # modeltrans swaps managers
    """A thing we sell, in one or more variants. Words are per language; slugs are `Route` rows.

    Selling points and safety warnings hold one sentence per line.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("On sale")
        ARCHIVED = "archived", _("Archived")

    class Kind(models.TextChoices):
        SIMPLE = "simple", _("Product")
        BUNDLE = "bundle", _("Set of products")

    code = models.SlugField(_("code"), max_length=160, unique=True, allow_unicode=True)
    merchant_code = models.CharField(_("merchant"), max_length=60, blank=True)
    product_type = models.ForeignKey(
        ProductType, verbose_name=_("product type"), on_delete=models.PROTECT, related_name="products"
    )
    brand = models.ForeignKey(
        Brand, verbose_name=_("brand"), null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    maker = models.ForeignKey(
        Maker, verbose_name=_("manufacturer"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible_person = models.ForeignKey(
        Maker,
        verbose_name=_("responsible person in the EU"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    primary_category = models.ForeignKey(
        "catalog.Category",
        verbose_name=_("main category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="products",
    )
    categories = models.ManyToManyField(
        "catalog.Category", verbose_name=_("further categories"), blank=True, related_name="also_products"
    )
    tax_category = models.ForeignKey(
        "markets.TaxCategory", verbose_name=_("tax category"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SIMPLE)
    model_code = models.CharField(_("model"), max_length=80, blank=True)
    tags = ArrayField(models.CharField(max_length=80), verbose_name=_("tags"), default=list, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    preorder_until = models.DateTimeField(_("pre-order until"), null=True, blank=True)
    new_until = models.DateField(_("new until"), null=True, blank=True)
    featured_rank = models.PositiveIntegerField(
        _("place in the list"), default=1000, help_text=_("Smaller numbers come first.")
    )
    rating_avg = models.DecimalField(_("average rating"), max_digits=3, decimal_places=2, null=True, editable=False)
    rating_count = models.PositiveIntegerField(_("ratings"), default=0, editable=False)
    rating_counts = ArrayField(models.PositiveIntegerField(), default=list, editable=False)
    review_languages = models.JSONField(default=dict, editable=False)
    review_photos = models.PositiveIntegerField(default=0, editable=False)

    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    description = models.TextField(_("description"), blank=True)
    selling_points = models.TextField(_("selling points"), blank=True, help_text=_("One per line."))
    usage_notes = models.TextField(_("use and care"), blank=True)
    safety_warnings = models.TextField(_("safety warnings"), blank=True, help_text=_("One per line."))
    search_words = models.TextField(
        _("search words"),
        blank=True,
        help_text=_("Other words shoppers use for it, separated by commas. Only the search reads them."),
    )
    meta_title = models.CharField(_("title for search engines"), max_length=160, blank=True)
    meta_description = models.CharField(_("description for search engines"), max_length=400, blank=True)
    i18n = TranslationField(
        fields=(
            "name", "summary", "description", "selling_points", "usage_notes", "safety_warnings", "search_words",
            "meta_title", "meta_description",
        )
    )  # fmt: skip

    objects: ClassVar[LockingQuerySet["Product"]] = LockingQuerySet.as_manager()  # type: ignore[assignment] # stubs

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["featured_rank", "-id"]
        indexes = [
            models.Index(fields=["status", "featured_rank"], name="catalog_product_featured"),
            models.Index(fields=["featured_rank", "-id"], name="catalog_product_in_order"),
            models.Index(fields=["name", "-id"], name="catalog_product_by_name"),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="catalog_product_name_near"),
        ]
        permissions = [
            ("import_products", _("Can import products")),
            ("export_products", _("Can export products")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Variant(TimeStamped):
    """One sellable version of a product: it has a SKU, a weight, customs facts and a price per market."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("On sale")
        ARCHIVED = "archived", _("Archived")

    class ContentUnit(models.TextChoices):
        MILLILITRE = "ml", _("millilitres")
        LITRE = "l", _("litres")
        GRAM = "g", _("grams")
        KILOGRAM = "kg", _("kilograms")
        METRE = "m", _("metres")

    class Classification(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("goods code", "proposed")
        REVIEWED = "reviewed", pgettext_lazy("goods code", "reviewed")
        RULING = "ruling", pgettext_lazy("goods code", "binding ruling")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    merchant_code = models.CharField(_("merchant"), max_length=60, blank=True, editable=False)
    sku = models.CharField(_("SKU"), max_length=80)
    sku_fixed = models.BooleanField(_("SKU is fixed"), default=False, editable=False)
    gtin = models.CharField(
        _("GTIN"), max_length=14, blank=True, validators=[RegexValidator(r"^([0-9]{8}|[0-9]{12,14})?$")]
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    signature = models.CharField(_("options"), max_length=400, blank=True, editable=False)
    value_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    weight_g = models.PositiveIntegerField(_("weight in grams"), default=0)
    length_mm = models.PositiveIntegerField(_("length in mm"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width in mm"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height in mm"), null=True, blank=True)
    content_amount = models.DecimalField(_("content"), max_digits=10, decimal_places=3, null=True, blank=True)
    content_unit = models.CharField(_("unit of content"), max_length=2, choices=ContentUnit.choices, blank=True)
    hs_code = models.CharField(_("goods code"), max_length=13, null=True, blank=True)  # noqa: DJ001  # null is "not known yet"
    origin_country = models.CharField(_("country of origin"), max_length=2, null=True, blank=True)  # noqa: DJ001  # same
    customs_description = models.CharField(_("customs description"), max_length=120, blank=True)
    materials = models.CharField(_("materials"), max_length=200, blank=True)
    hs_local = models.JSONField(
        _("goods codes by destination"), default=dict, blank=True,
        help_text=_("A country, or EU27, and its longer code."),
    )  # fmt: skip
    classification_status = models.CharField(
        _("goods code is"), max_length=8, choices=Classification.choices, default=Classification.DRAFT
    )
    classified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reviewed by"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    classified_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    ruling_reference = models.CharField(_("number of the ruling"), max_length=80, blank=True)
    battery_flag = models.BooleanField(_("contains a battery"), default=False)
    restricted_flags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("restrictions"), default=list, blank=True
    )
    purchase_limit = models.PositiveIntegerField(_("most per shopper"), null=True, blank=True)
    max_cart_qty = models.PositiveIntegerField(_("most per cart"), null=True, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["position", "id"]
        indexes = [
            GinIndex(fields=["value_ids"], name="catalog_variant_values"),
            models.Index(Upper("sku"), name="catalog_variant_sku_upper"),
            GinIndex(OpClass(Upper("sku"), name="gin_trgm_ops"), name="catalog_variant_sku_near"),
            models.Index(fields=["gtin"], name="catalog_variant_gtin", condition=~Q(gtin="")),
            models.Index(
                fields=["-classified_at"], name="catalog_variant_reviewed", condition=Q(classified_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["merchant_code", "sku"], name="catalog_variant_sku_once"),
            models.UniqueConstraint(
                fields=["product", "signature"],
                condition=~Q(status="archived"),
                name="catalog_variant_signature_once",
            ),
            models.UniqueConstraint(fields=["id", "product"], name="catalog_variant_with_product"),
            models.CheckConstraint(
                condition=Q(hs_code__isnull=True) | Q(hs_code__regex=r"^[0-9]{6,13}$"),
                name="catalog_variant_hs_code_is_digits",
            ),
            models.CheckConstraint(
                condition=Q(origin_country__isnull=True) | Q(origin_country__regex=r"^[A-Z]{2}$"),
                name="catalog_variant_origin_is_a_country",
            ),
            models.CheckConstraint(
                condition=Q(content_amount__isnull=True, content_unit="")
                | (Q(content_amount__gt=0) & ~Q(content_unit="")),
                name="catalog_variant_content_has_unit",
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="catalog_variant_has_sku"),
            models.CheckConstraint(
                condition=Q(classification_status="draft", classified_at__isnull=True)
                | (~Q(classification_status="draft") & Q(classified_at__isnull=False, hs_code__isnull=False)),
                name="catalog_variant_reviewed_goods_code",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="variant_new_goods_code_is_a_proposal",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__hs_code__df=pgtrigger.F("new__hs_code")),
                func="""
                    IF NEW.classified_at IS NOT DISTINCT FROM OLD.classified_at THEN
                        NEW.classification_status = 'draft';
                        NEW.classified_at = NULL;
                        NEW.classified_by_id = NULL;
                        NEW.ruling_reference = '';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.sku


class ProductMarket(Translated):
    """Where and when a product may be seen, and words for that market only. No row: seen where it has a price."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="offers")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    visible = models.BooleanField(_("visible"), default=True)
    visible_from = models.DateTimeField(_("visible from"), null=True, blank=True)
    visible_until = models.DateTimeField(_("visible until"), null=True, blank=True)
    copy_override_html = models.TextField(_("words for this market"), blank=True)
    own_media_only = models.BooleanField(_("only its own pictures and films"), default=False)
    i18n = TranslationField(fields=("copy_override_html",))

    objects: ClassVar[models.Manager["ProductMarket"]] = models.Manager()

    class Meta:
        verbose_name = _("offer in a market")
        verbose_name_plural = _("offers in markets")
        constraints = [
            models.UniqueConstraint(fields=["product", "market"], name="catalog_productmarket_once"),
            models.CheckConstraint(
                condition=Q(visible_from__isnull=True)
                | Q(visible_until__isnull=True)
                | Q(visible_from__lt=models.F("visible_until")),
                name="catalog_productmarket_from_before_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.market_id}"


class BundleItem(models.Model):
    """A component of a set. Sets do not nest: the trigger refuses a component that is itself a set."""

    bundle_variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="components")
    component_variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    price_weight = models.PositiveIntegerField(_("share of the price"), default=1)
    optional = models.BooleanField(_("can be left out"), default=False)

    class Meta:
        verbose_name = _("component of a set")
        verbose_name_plural = _("components of sets")
        constraints = [
            models.UniqueConstraint(fields=["bundle_variant", "component_variant"], name="catalog_bundleitem_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="catalog_bundleitem_quantity"),
            models.CheckConstraint(
                condition=~Q(bundle_variant=models.F("component_variant")), name="catalog_bundleitem_not_itself"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sets_do_not_nest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
                               WHERE v.id = NEW.component_variant_id AND p.kind = 'bundle') THEN
                        RAISE EXCEPTION 'a set cannot be a component of a set' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.bundle_variant_id}: {self.quantity} × {self.component_variant_id}"
