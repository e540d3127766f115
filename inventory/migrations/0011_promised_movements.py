from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was promised on a day is found by index: demand is derived from it every night."""

    atomic = False

    dependencies = [('inventory', '0010_buying')]

    operations = [
        AddIndexConcurrently(
            model_name="stockmovement",
            index=models.Index(condition=models.Q(kind="allocate"), fields=["created"], name="movement_promised"),
        ),
    ]
