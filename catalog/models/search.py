"""Derived tables that listings and search read, and the flags that say what to derive again."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class FacetDef(models.Model):
    """A filter of listings. `key` is its name in addresses; ids are what `FacetRow` counts by."""

    class Kind(models.TextChoices):
        CATEGORY = "category", _("Category")
        STOCK = "stock", _("Availability")
        PRICE = "price", _("Price")
        BRAND = "brand", _("Brand")
        RATING = "rating", _("Rating")
        OFFER = "offer", _("Offers")
        OPTION = "option", _("Option")
        ATTRIBUTE = "attribute", _("Attribute")

    key = models.SlugField(_("key"), max_length=40, unique=True, allow_unicode=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    option_type = models.OneToOneField(
        "catalog.OptionType", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    attribute = models.OneToOneField(
        "catalog.AttributeDef", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"), default=100)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("filter")
        verbose_name_plural = _("filters")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="option", option_type__isnull=False, attribute__isnull=True)
                | models.Q(kind="attribute", option_type__isnull=True, attribute__isnull=False)
                | (
                    ~models.Q(kind__in=("option", "attribute"))
                    & models.Q(option_type__isnull=True, attribute__isnull=True)
                ),
                name="catalog_facetdef_knows_its_source",
            )
        ]

    def __str__(self) -> str:
        return self.key


class FacetRow(models.Model):
    """Derived: a visible product has a value of a facet in a market. Counts are plain index scans."""

    pk = models.CompositePrimaryKey("market_id", "facet_id", "value_id", "product_id")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    facet = models.ForeignKey(FacetDef, on_delete=models.CASCADE, related_name="+")
    value_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("facet row")
        verbose_name_plural = _("facet rows")
        indexes = [models.Index(fields=["market", "product", "facet"], name="catalog_facetrow_of_product")]

    def __str__(self) -> str:
        return f"{self.facet_id}: {self.value_id}"


class SearchDocument(models.Model):
    """Derived: a product's words in one language, normalised. `vector` is weighted; `words` is for near misses."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    title = models.TextField()
    words = models.TextField()
    vector = SearchVectorField()
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            GinIndex(fields=["vector"], name="catalog_searchdocument_vector"),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="catalog_searchdocument_near"),
        ]
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="catalog_searchdocument_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.language}"


class SearchTerm(models.Model):
    """Derived: a word or a phrase of the catalogue in one language, for corrections and suggestions."""

    class Kind(models.TextChoices):
        WORD = "word", _("Word")
        PHRASE = "phrase", _("Phrase")

    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    normal = models.CharField(max_length=160)
    label = models.CharField(max_length=160)
    products = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("search term")
        verbose_name_plural = _("search terms")
        indexes = [GinIndex(OpClass("normal", name="gin_trgm_ops"), name="catalog_searchterm_near")]
        constraints = [models.UniqueConstraint(fields=["language", "kind", "normal"], name="catalog_searchterm_once")]

    def __str__(self) -> str:
        return self.label


class Synonym(models.Model):
    """Words that mean the same in one language: a search for `term` also finds each of `means`."""

    language = models.CharField(_("language"), max_length=12)
    term = models.CharField(_("word"), max_length=80)
    means = ArrayField(models.CharField(max_length=80), verbose_name=_("also finds"))

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        constraints = [models.UniqueConstraint(fields=["language", "term"], name="catalog_synonym_once")]

    def __str__(self) -> str:
        return self.term


class DirtyProduct(models.Model):
    """A flag: the derived rows of this product are out of date. Many flags for one product are fine."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("product to derive again")
        verbose_name_plural = _("products to derive again")

    def __str__(self) -> str:
        return str(self.product_id)
