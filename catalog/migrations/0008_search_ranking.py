import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import modeltrans.fields
from django.db import migrations, models

STEMMERS = (
    "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "finnish", "french", "german", "greek",
    "hindi", "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian", "portuguese",
    "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish", "yiddish",
)  # fmt: skip
"""Stemming without lists of stop words: what a product is called must be found, even when it is "té" or "It"."""

MAKE = "\n".join(
    f"CREATE TEXT SEARCH DICTIONARY catalog_{one} (TEMPLATE = snowball, LANGUAGE = {one});" for one in STEMMERS
)
DROP = "\n".join(f"DROP TEXT SEARCH DICTIONARY IF EXISTS catalog_{one};" for one in STEMMERS)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_exports_and_wishes"), ("markets", "0001_initial")]

    operations = [
        migrations.RunSQL(MAKE, DROP),
        migrations.AddField(
            model_name="product",
            name="search_words",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Other words shoppers use for it, separated by commas. Only the search reads them.",
                verbose_name="search words",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="product",
            name="i18n",
            field=modeltrans.fields.TranslationField(
                fields=(
                    "name", "summary", "description", "selling_points", "usage_notes", "safety_warnings",
                    "search_words", "meta_title", "meta_description",
                ),
                required_languages=(),
                virtual_fields=True,
            ),
        ),
        migrations.RemoveIndex(model_name="searchdocument", name="catalog_searchdocument_vector"),
        migrations.RemoveIndex(model_name="searchdocument", name="catalog_searchdocument_near"),
        migrations.RemoveIndex(model_name="searchterm", name="catalog_searchterm_near"),
        migrations.AddField(
            model_name="searchdocument",
            name="norms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.FloatField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="searchdocument",
            name="markets",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="searchterm",
            name="lexeme",
            field=models.CharField(blank=True, default="", max_length=160),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["language", "vector"], name="catalog_searchdocument_words"
            ),
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("language"),
                django.contrib.postgres.indexes.OpClass("title", name="gin_trgm_ops"),
                name="catalog_searchdocument_names",
            ),
        ),
        migrations.AddIndex(
            model_name="searchterm",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("language"),
                django.contrib.postgres.indexes.OpClass("normal", name="gin_trgm_ops"),
                name="catalog_searchterm_like",
            ),
        ),
        migrations.AddIndex(
            model_name="searchterm",
            index=models.Index(fields=["language", "lexeme"], name="catalog_searchterm_lexeme"),
        ),
        migrations.AddIndex(
            model_name="searchterm",
            index=models.Index(
                models.F("language"),
                django.contrib.postgres.indexes.OpClass("normal", name="varchar_pattern_ops"),
                name="catalog_searchterm_starts",
            ),
        ),
        migrations.RunSQL(
            # Vectors stay in their rows: ranking reads thousands of them, and fetching each from elsewhere is slow.
            "ALTER TABLE catalog_searchdocument SET (toast_tuple_target = 8160)",
            "ALTER TABLE catalog_searchdocument RESET (toast_tuple_target)",
        ),
        migrations.CreateModel(
            name="SearchRedirect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("query", models.CharField(max_length=120, verbose_name="query")),
                ("normal", models.CharField(editable=False, max_length=120)),
                (
                    "path",
                    models.CharField(
                        blank=True,
                        help_text="Below the address of the market, such as pages/returns/.",
                        max_length=200,
                        verbose_name="path",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "search redirect",
                "verbose_name_plural": "search redirects",
                "ordering": ["language", "query"],
                "constraints": [
                    models.UniqueConstraint(fields=("language", "normal"), name="catalog_searchredirect_once"),
                    models.CheckConstraint(
                        condition=models.Q(category__isnull=False, product__isnull=True, path="")
                        | models.Q(category__isnull=True, product__isnull=False, path="")
                        | (models.Q(category__isnull=True, product__isnull=True) & ~models.Q(path="")),
                        name="catalog_searchredirect_leads_to_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchQueryCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("day", models.DateField(verbose_name="day")),
                ("normal", models.CharField(max_length=120, verbose_name="query")),
                ("searches", models.PositiveIntegerField(default=0, verbose_name="searches")),
                ("results", models.PositiveIntegerField(default=0, verbose_name="results")),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="markets.market"
                    ),
                ),
            ],
            options={
                "verbose_name": "search query",
                "verbose_name_plural": "search queries",
                "ordering": ["-day", "-searches"],
                "indexes": [
                    models.Index(
                        models.F("market"),
                        models.F("language"),
                        django.contrib.postgres.indexes.OpClass("normal", name="varchar_pattern_ops"),
                        name="catalog_searchcount_starts",
                    ),
                    models.Index(fields=["day"], name="catalog_searchcount_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("market", "language", "day", "normal"), name="catalog_searchcount_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO catalog_dirtyproduct (product_id, since) SELECT id, now() FROM catalog_product",
            migrations.RunSQL.noop,
        ),
    ]
