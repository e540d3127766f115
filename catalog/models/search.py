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
    """Derived: a product's words in one language, normalised.

    `vector` holds lexemes with places; its weights say where a word stands: A what the thing is, B the rest of
    its name, brand and search words, C categories, options and summary, D everything else. `norms` are what a
    hit of D, C, B and A counts in this document (short fields count more). `title` is the folded name, `words`
    the plain words for corrections, `markets` where the product can be seen.
    """

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    title = models.TextField()
    words = models.TextField()
    vector = SearchVectorField()
    norms = ArrayField(models.FloatField(), default=list)
    markets = ArrayField(models.BigIntegerField(), default=list)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            GinIndex(fields=["language", "vector"], name="catalog_searchdocument_words"),
            GinIndex("language", OpClass("title", name="gin_trgm_ops"), name="catalog_searchdocument_names"),
        ]
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="catalog_searchdocument_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.language}"


class SearchTerm(models.Model):
    """Derived: a word or a phrase of the catalogue in one language, for corrections and suggestions.

    `normal` is what queries are compared with, `label` what is shown, `lexeme` the stem the documents hold and
    `products` in how many documents the word stands.
    """

    class Kind(models.TextChoices):
        WORD = "word", _("Word")
        PHRASE = "phrase", _("Phrase")

    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    normal = models.CharField(max_length=160)
    label = models.CharField(max_length=160)
    lexeme = models.CharField(max_length=160, blank=True)
    products = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("search term")
        verbose_name_plural = _("search terms")
        indexes = [
            GinIndex("language", OpClass("normal", name="gin_trgm_ops"), name="catalog_searchterm_like"),
            models.Index(fields=["language", "lexeme"], name="catalog_searchterm_lexeme"),
            models.Index("language", OpClass("normal", name="varchar_pattern_ops"), name="catalog_searchterm_starts"),
        ]
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


class SearchRedirect(models.Model):
    """A query that leads straight to a page: a category, a product, or a path below the market's address."""

    language = models.CharField(_("language"), max_length=12)
    query = models.CharField(_("query"), max_length=120)
    normal = models.CharField(max_length=120, editable=False)
    category = models.ForeignKey(
        "catalog.Category", verbose_name=_("category"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    product = models.ForeignKey(
        "catalog.Product", verbose_name=_("product"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    path = models.CharField(
        _("path"), max_length=200, blank=True, help_text=_("Below the address of the market, such as pages/returns/.")
    )

    class Meta:
        verbose_name = _("search redirect")
        verbose_name_plural = _("search redirects")
        ordering = ["language", "query"]
        constraints = [
            models.UniqueConstraint(fields=["language", "normal"], name="catalog_searchredirect_once"),
            models.CheckConstraint(
                condition=models.Q(category__isnull=False, product__isnull=True, path="")
                | models.Q(category__isnull=True, product__isnull=False, path="")
                | (models.Q(category__isnull=True, product__isnull=True) & ~models.Q(path="")),
                name="catalog_searchredirect_leads_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.query


class SearchQueryCount(models.Model):
    """How often a query was asked on a day in a market and language. Nothing says by whom.

    `results` is how many products the last one found.
    """

    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=12)
    day = models.DateField(_("day"))
    normal = models.CharField(_("query"), max_length=120)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    results = models.PositiveIntegerField(_("results"), default=0)

    class Meta:
        verbose_name = _("search query")
        verbose_name_plural = _("search queries")
        ordering = ["-day", "-searches"]
        indexes = [
            models.Index(
                "market", "language", OpClass("normal", name="varchar_pattern_ops"), name="catalog_searchcount_starts"
            ),
            models.Index(fields=["day"], name="catalog_searchcount_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["market", "language", "day", "normal"], name="catalog_searchcount_once")
        ]

    def __str__(self) -> str:
        return self.normal


class DirtyProduct(models.Model):
    """A flag: the derived rows of this product are out of date. Many flags for one product are fine."""

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("product to derive again")
        verbose_name_plural = _("products to derive again")

    def __str__(self) -> str:
        return str(self.product_id)
