from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0020_goods_code")]

    operations = [
        AddIndexConcurrently(
            model_name="variant",
            index=models.Index(
                fields=["-classified_at"],
                condition=models.Q(("classified_at__isnull", False)),
                name="catalog_variant_reviewed",
            ),
        ),
    ]
