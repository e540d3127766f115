"""What a shop starts with: a challenge after a few failed attempts, a block after many."""

from django.db import migrations

ADDED = [
    ("order", 15, 60, "block"),
    ("account", 5, 10, "challenge"),
    ("account", 15, 60, "block"),
    ("card", 8, 60, "block"),
]


def add(apps, schema_editor):
    limits = apps.get_model("payments", "VelocityLimit").objects
    limits.filter(minutes=10).update(effect="challenge", lasts_minutes=10)
    for scope, failures, minutes, effect in ADDED:
        limits.get_or_create(
            scope=scope, minutes=minutes, defaults={"failures": failures, "effect": effect, "lasts_minutes": minutes}
        )


def remove(apps, schema_editor):
    limits = apps.get_model("payments", "VelocityLimit").objects
    for scope, failures, minutes, effect in ADDED:
        limits.filter(scope=scope, failures=failures, minutes=minutes, effect=effect).delete()
    limits.filter(minutes=10).update(effect="block", lasts_minutes=60)


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_bank_and_risk")]

    operations = [migrations.RunPython(add, remove)]
