"""Which batches are picked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0027_past_orders_and_origins"),
    ]

    operations = [
        migrations.AddField(
            model_name="picktask",
            name="batches",
            field=models.JSONField(blank=True, db_default=[], default=list, editable=False),
        ),
    ]
