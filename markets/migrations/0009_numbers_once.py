"""A number stands once per owner, and is never empty: said of its fingerprint now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("markets", "0008_sealed_numbers"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="buyertaxid",
            constraint=models.UniqueConstraint(
                fields=["user", "reference", "country", "kind", "number_print"],
                name="markets_buyer_tax_id_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="buyertaxid",
            constraint=models.CheckConstraint(
                condition=models.Q(("number_print", ""), _negated=True), name="markets_buyer_tax_id_has_number"
            ),
        ),
    ]
