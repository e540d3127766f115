"""Seal the numbers that are there, in batches; going back opens them again."""

from typing import Any

from django.db import migrations, models, transaction
from django.db.models import Value

from core.sealing import fingerprint

BATCH = 500


def seal_numbers(apps: Any, _editor: Any) -> None:
    """Writing a row seals it. A row without a fingerprint was not written yet."""
    rows = apps.get_model("markets", "BuyerTaxId").objects.filter(number_print="").order_by("pk")
    while True:
        with transaction.atomic():
            batch = list(rows[:BATCH])
            for row in batch:
                row.number_print = fingerprint(row.number)
            rows.model.objects.bulk_update(batch, ["number", "number_print"])
        if len(batch) < BATCH:
            return


def open_numbers(apps: Any, _editor: Any) -> None:
    """Each as it can be read."""
    rows = apps.get_model("markets", "BuyerTaxId").objects.all()
    for row in rows.iterator(chunk_size=BATCH):
        plain = Value(row.number, output_field=models.TextField())
        rows.filter(pk=row.pk).update(number=plain, number_print="")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("markets", "0007_seal_buyers_numbers"),
    ]

    operations = [
        migrations.RunPython(seal_numbers, open_numbers),
    ]
