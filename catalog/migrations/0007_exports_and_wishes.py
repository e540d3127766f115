import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_column_mapping"), ("markets", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="product",
            options={
                "ordering": ["featured_rank", "-id"],
                "permissions": [
                    ("import_products", "Can import products"),
                    ("export_products", "Can export products"),
                ],
                "verbose_name": "product",
                "verbose_name_plural": "products",
            },
        ),
        migrations.AddField(
            model_name="picturewish",
            name="alts",
            field=models.JSONField(blank=True, default=dict, verbose_name="picture in words, per language"),
        ),
        migrations.AddField(
            model_name="picturewish",
            name="market",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="markets.market",
            ),
        ),
        migrations.AddField(
            model_name="picturewish",
            name="role",
            field=models.CharField(default="gallery", max_length=8, verbose_name="role"),
        ),
        migrations.RemoveConstraint(model_name="picturewish", name="catalog_picturewish_once"),
        migrations.AddConstraint(
            model_name="picturewish",
            constraint=models.UniqueConstraint(
                fields=("product", "variant", "url", "market"),
                name="catalog_picturewish_once",
                nulls_distinct=False,
            ),
        ),
        migrations.CreateModel(
            name="ComponentWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(db_index=True, max_length=80, verbose_name="SKU")),
                ("quantity", models.PositiveIntegerField(default=1, verbose_name="quantity")),
                ("price_weight", models.PositiveIntegerField(default=1, verbose_name="share of the price")),
                ("optional", models.BooleanField(default=False, verbose_name="can be left out")),
                ("activates", models.BooleanField(default=False, verbose_name="puts the set on sale")),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "bundle_variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="component_wishes",
                        to="catalog.variant",
                    ),
                ),
            ],
            options={
                "verbose_name": "awaited component of a set",
                "verbose_name_plural": "awaited components of sets",
                "constraints": [
                    models.UniqueConstraint(fields=("bundle_variant", "sku"), name="catalog_componentwish_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="catalog_componentwish_quantity"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "key_number",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="number of the key"),
                ),
                ("file_name", models.CharField(blank=True, editable=False, max_length=200, verbose_name="file")),
                ("checksum", models.CharField(blank=True, editable=False, max_length=64)),
                ("items", models.PositiveIntegerField(default=0, editable=False, verbose_name="products in it")),
                ("left_out", models.JSONField(default=dict, editable=False, verbose_name="left out")),
                ("written_at", models.DateTimeField(editable=False, null=True, verbose_name="written")),
                ("fetched_at", models.DateTimeField(editable=False, null=True, verbose_name="last fetched")),
                ("failure", models.TextField(blank=True, editable=False, verbose_name="failure")),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="markets.market",
                        verbose_name="market",
                    ),
                ),
            ],
            options={
                "verbose_name": "product feed",
                "verbose_name_plural": "product feeds",
                "ordering": ["market", "language"],
                "permissions": [("manage_feeds", "Can open product feeds and change their keys")],
                "constraints": [
                    models.UniqueConstraint(fields=("market", "language"), name="catalog_productfeed_once")
                ],
            },
        ),
    ]
