"""Changes of placed orders: what was asked, what stood before, until when it is paid; payments shared by orders."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0008_documents"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="order",
            options={
                "permissions": [
                    ("capture_order", "Can capture the payment of an order"),
                    ("fulfill_order", "Can fulfil an order"),
                    ("cancel_order", "Can cancel an order"),
                    ("refund_order", "Can refund an order"),
                    ("hold_order", "Can open and resolve holds of an order"),
                    ("note_order", "Can write notes on an order"),
                    ("edit_order", "Can change an order after it was placed"),
                    ("split_order", "Can split and merge orders"),
                    ("reship_order", "Can send again and exchange"),
                ],
                "verbose_name": "order",
                "verbose_name_plural": "orders",
            },
        ),
        migrations.AddField(
            model_name="orderchange",
            name="ref",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="orderchange", name="key", field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="orderchange", name="reason", field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="orderchange", name="plan", field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="orderchange", name="before", field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="orderchange", name="after", field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="orderchange", name="addresses", field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="orderchange", name="pay_by", field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="orderchange", name="decided_at", field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="orderchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("edit", "Changed"),
                    ("split", "Split"),
                    ("merge", "Merged"),
                    ("exchange", "Exchanged"),
                    ("reship", "Sent again"),
                    ("cancel", "Partly canceled"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="orderchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("requested", "Waits for payment"),
                    ("confirmed", "Done"),
                    ("declined", "Given up"),
                    ("expired", "Not paid in time"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="orderchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("order", "key"),
                name="orders_change_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "requested"), _negated=True), ("pay_by__isnull", False), _connector="OR"
                ),
                name="orders_change_pay_by_said",
            ),
        ),
        migrations.AddIndex(
            model_name="orderchange",
            index=models.Index(
                condition=models.Q(("state", "requested")), fields=["pay_by"], name="orders_change_unpaid"
            ),
        ),
        migrations.AlterField(
            model_name="orderchangeaction",
            name="order_line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.orderline",
            ),
        ),
        migrations.AlterField(
            model_name="orderreceipt", name="payment_ref", field=models.UUIDField(),
        ),
        migrations.AddConstraint(
            model_name="orderreceipt",
            constraint=models.UniqueConstraint(
                fields=("payment_ref", "order"), name="orders_receipt_once_per_order"
            ),
        ),
    ]
