"""The credit of exchanges: a kind of account that nobody owns and no code opens."""

from django.db import migrations, models

KINDS = [("gift_card", "Gift card"), ("store_credit", "Store credit"), ("exchange", "Exchange")]


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_credit")]

    operations = [
        migrations.AlterField(
            model_name="creditaccount",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="creditgrant",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="kind"),
        ),
        migrations.RemoveConstraint(model_name="creditaccount", name="credit_card_has_code"),
        migrations.RemoveConstraint(model_name="creditaccount", name="credit_has_owner"),
        migrations.AddConstraint(
            model_name="creditaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "gift_card"), models.Q(("code_hash", ""), _negated=True)),
                    models.Q(("code_hash", ""), ("expires_on", None), ("kind__in", ["store_credit", "exchange"])),
                    _connector="OR",
                ),
                name="credit_card_has_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "gift_card"),
                    models.Q(("kind", "exchange"), models.Q(("source", ""), _negated=True)),
                    models.Q(
                        ("kind", "store_credit"),
                        models.Q(models.Q(("owner_hash", ""), _negated=True), ("user__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="credit_has_owner",
            ),
        ),
    ]
