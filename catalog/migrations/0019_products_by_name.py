from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("catalog", "0018_presales_and_downloads")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(fields=["name", "-id"], name="catalog_product_by_name"),
        ),
    ]
