"""Numbers of buyers become unreadable: room for what is sealed and for the fingerprint it is looked up by."""

from django.db import migrations

import core.sealing


class Migration(migrations.Migration):
    dependencies = [
        ("markets", "0006_untaxed_sellers"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="buyertaxid", name="markets_buyer_tax_id_once"),
        migrations.RemoveConstraint(model_name="buyertaxid", name="markets_buyer_tax_id_has_number"),
        migrations.AlterModelOptions(
            name="buyertaxid",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("check_buyertaxid", "Can check tax numbers of buyers"),
                    ("reveal_buyertaxid", "Can see whole tax and identity numbers of buyers"),
                ],
                "verbose_name": "tax number of a buyer",
                "verbose_name_plural": "tax numbers of buyers",
            },
        ),
        migrations.AddField(
            model_name="buyertaxid",
            name="number_print",
            field=core.sealing.FingerprintField(of="number"),
        ),
        migrations.AlterField(
            model_name="buyertaxid",
            name="number",
            field=core.sealing.SealedField(verbose_name="number"),
        ),
    ]
