"""An index for the report of corrections; made while sales go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("inventory", "0006_stockwork"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="stockmovement",
            index=models.Index(
                condition=models.Q(("kind__in", ["adjust", "writeoff"])),
                fields=["created"],
                name="movement_corrections",
            ),
        ),
    ]
