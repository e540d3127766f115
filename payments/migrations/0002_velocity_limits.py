"""The limits a shop starts with: five failed attempts in ten minutes, per order and per visitor; fifteen an hour."""

from django.db import migrations

START = [("order", 5, 10), ("visitor", 5, 10), ("visitor", 15, 60)]


def add(apps, schema_editor):
    limits = apps.get_model("payments", "VelocityLimit")
    for scope, failures, minutes in START:
        limits.objects.get_or_create(scope=scope, minutes=minutes, defaults={"failures": failures})


def remove(apps, schema_editor):
    apps.get_model("payments", "VelocityLimit").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
