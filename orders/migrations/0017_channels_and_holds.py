import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Where orders come from; who decides a hold."""

    dependencies = [
        ("orders", "0016_fill_return_exceptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="channel",
            field=models.CharField(db_default="shop", default="shop", max_length=20, verbose_name="channel"),
        ),
        migrations.AddField(
            model_name="order",
            name="source",
            field=models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="order",
            name="external_ref",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=80, verbose_name="number elsewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_ref", ""), _negated=True),
                fields=("external_ref", "channel"),
                name="orders_order_once_from_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", ""), _negated=True),
                    models.Q(("external_ref", ""), models.Q(("channel", "shop"), _negated=True), _connector="OR"),
                ),
                name="orders_order_only_elsewhere_has_number",
            ),
        ),
        migrations.AddField(
            model_name="orderhold",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="orderhold",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", True)), fields=["due_at"], name="orders_hold_due"
            ),
        ),
        migrations.AddIndex(
            model_name="orderhold",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", True)), fields=["owner"], name="orders_hold_of_owner"
            ),
        ),
    ]
