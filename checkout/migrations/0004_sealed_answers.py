"""Seal what open checkouts keep of numbers and answers, in batches; going back opens them again."""

from collections.abc import Callable
from typing import Any

from django.db import migrations, transaction

from core.sealing import seal, unseal

BATCH = 500


def _each(apps: Any, change: Callable[[str], str]) -> None:
    rows = apps.get_model("checkout", "Checkout").objects.exclude(addresses={}).order_by("pk")
    last = None
    while True:
        with transaction.atomic():
            batch = list((rows if last is None else rows.filter(pk__gt=last)).select_for_update()[:BATCH])
            for row in batch:
                kept = row.addresses
                answers = {name: change(str(told)) for name, told in kept.get("answers", {}).items()}
                row.addresses = {**kept, "answers": answers, "tax_number": change(str(kept.get("tax_number", "")))}
            rows.model.objects.bulk_update(batch, ["addresses"])
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def seal_answers(apps: Any, _editor: Any) -> None:
    """Sealed once, however often it runs."""
    _each(apps, lambda told: seal(unseal(told)))


def open_answers(apps: Any, _editor: Any) -> None:
    """As they were typed."""
    _each(apps, unseal)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("checkout", "0003_credit"),
    ]

    operations = [
        migrations.RunPython(seal_answers, open_answers),
    ]
