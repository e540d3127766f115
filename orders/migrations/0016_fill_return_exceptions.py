"""Lines sold before restrictions were kept with them: those of their variants now. Goes back by forgetting."""

from django.db import migrations

NAMES = ("hygiene", "custom", "perishable", "sealed_media")
FLAG = "no_return_"


def fill(apps, schema_editor):
    """Restrictions are rare: variants that have one, then their lines, each by one update."""
    variants = apps.get_model("catalog", "Variant").objects.filter(
        restricted_flags__overlap=[f"{FLAG}{name}" for name in NAMES]
    )
    for pk, flags in variants.values_list("pk", "restricted_flags").iterator(chunk_size=1000):
        name = next(one for one in sorted(flag.removeprefix(FLAG) for flag in flags if flag.startswith(FLAG)) if one in NAMES)
        for model in ("OrderLine", "OrderLinePart"):
            apps.get_model("orders", model).objects.filter(variant_id=pk, return_exception="").update(
                return_exception=name
            )


class Migration(migrations.Migration):
    dependencies = [("orders", "0015_exchanges")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
