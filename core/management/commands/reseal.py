"""`manage.py reseal`: seal everything again that an older key, or none, has sealed."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models.functions import Cast

from core.sealing import FingerprintField, SealedField, fingerprint, newest_mark

BATCH = 500


class Command(BaseCommand):
    """Goes through every model with sealed fields in batches; can be stopped and started again at any time."""

    help = "Seal personal numbers with the newest of SEALING_KEYS; run it after a new key, before the old one goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--batch", type=int, default=BATCH, help="rows per transaction")

    def handle(self, **options: Any) -> None:
        """Say how many rows of each model were sealed anew."""
        for model in apps.get_models():
            sealed = [field for field in model._meta.get_fields() if isinstance(field, SealedField)]
            for field in sealed:
                count = _reseal(model, field, options["batch"])
                self.stdout.write(f"{model._meta.label}.{field.name}: {count} rows")


def _reseal(model: type[models.Model], field: SealedField, size: int) -> int:
    prints = [one for one in model._meta.get_fields() if isinstance(one, FingerprintField) and one.of == field.name]
    rows: models.QuerySet[Any] = model._base_manager.annotate(stored=Cast(field.name, models.TextField()))
    old = rows.exclude(stored__startswith=newest_mark()).exclude(stored="")
    count = 0
    while True:
        with transaction.atomic():
            batch = list(old.select_for_update(of=("self",)).order_by("pk")[:size])
            for row in batch:
                for one in prints:
                    setattr(row, one.attname, fingerprint(getattr(row, field.attname)))
            model._base_manager.bulk_update(batch, [field.name, *(one.name for one in prints)])
        count += len(batch)
        if len(batch) < size:
            return count
