"""Media are found by parts of their code and of their words; built without stopping anybody who writes."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0014_publishing")]

    operations = [
        AddIndexConcurrently(
            model_name="mediaasset",
            index=GinIndex(OpClass(Upper("code"), name="gin_trgm_ops"), name="catalog_mediaasset_code_near"),
        ),
        AddIndexConcurrently(
            model_name="mediaasset",
            index=GinIndex(OpClass(Upper("alt"), name="gin_trgm_ops"), name="catalog_mediaasset_alt_near"),
        ),
    ]
