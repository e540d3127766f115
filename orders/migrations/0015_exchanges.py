"""Exchanges, deductions for wear, and what could not be returned on the day of the sale."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0019_products_by_name"),
        ("orders", "0014_document_changes"),
        ("payments", "0005_exchange_credit"),
    ]

    operations = [
        *[
            migrations.AddField(model_name=model, name=name, field=models.PositiveBigIntegerField(default=0))
            for model in ("orderline", "orderlinepart", "orderrefundline")
            for name in ("net_kept_minor", "tax_kept_minor")
        ],
        *[
            migrations.AddField(
                model_name=model, name="return_exception", field=models.CharField(blank=True, max_length=20)
            )
            for model in ("orderline", "orderlinepart")
        ],
        migrations.AddField(
            model_name="aftersalespolicy",
            name="exchange_price",
            field=models.CharField(
                choices=[("today", "The price of today"), ("lower", "The lower of the two prices")],
                default="today",
                help_text="When the wanted variant costs more today than the one that comes back did.",
                max_length=8,
                verbose_name="what an exchange costs",
            ),
        ),
        migrations.AddField(
            model_name="aftersalespolicy",
            name="exchange_sends",
            field=models.CharField(
                choices=[("after", "When the goods are back"), ("known", "At once to customers in good standing")],
                default="after",
                max_length=8,
                verbose_name="an exchange is sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="aftersalespolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("exchange_price__in", ["today", "lower"]), ("exchange_sends__in", ["after", "known"])),
                name="orders_policy_exchange_known",
            ),
        ),
        migrations.CreateModel(
            name="WearDeduction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="amount")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("decided_by", models.CharField(max_length=150, verbose_name="decided by")),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deduction",
                        to="orders.returnunit",
                        verbose_name="returned unit",
                    ),
                ),
            ],
            options={"verbose_name": "deduction for wear", "verbose_name_plural": "deductions for wear"},
        ),
        migrations.AddConstraint(
            model_name="weardeduction",
            constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="orders_wear_positive"),
        ),
        migrations.AddConstraint(
            model_name="weardeduction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="orders_wear_says_why"
            ),
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("agreed", "Agreed"), ("ordered", "Ordered"), ("given_up", "Given up")],
                        default="agreed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "sends",
                    models.CharField(
                        choices=[
                            ("after", "When the goods are back"),
                            ("first", "Before the goods are back"),
                        ],
                        max_length=8,
                        verbose_name="is sent",
                    ),
                ),
                ("wants", models.JSONField(default=list)),
                ("places", models.JSONField(blank=True, default=list)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("credit_minor", models.PositiveBigIntegerField(default=0)),
                ("settled_minor", models.PositiveBigIntegerField(default=0)),
                ("returned_minor", models.PositiveBigIntegerField(default=0)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "child",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_from",
                        to="orders.order",
                        verbose_name="new order",
                    ),
                ),
                (
                    "return_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange",
                        to="orders.returnrequest",
                        verbose_name="return",
                    ),
                ),
            ],
            options={"verbose_name": "exchange", "verbose_name_plural": "exchanges"},
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "ordered"), _negated=True), ("child__isnull", False), _connector="OR"),
                name="orders_exchange_ordered_has_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "given_up"), _negated=True), ("child__isnull", True), _connector="OR"),
                name="orders_exchange_given_up_has_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned_minor__lte", models.F("credit_minor")), ("settled_minor__lte", models.F("credit_minor"))
                ),
                name="orders_exchange_credit_within",
            ),
        ),
        migrations.AddField(
            model_name="orderrefundshare",
            name="exchange",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="orders.exchange",
            ),
        ),
        migrations.AddField(
            model_name="orderrefundshare",
            name="returned_minor",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="orderrefundshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("exchange__isnull", True), ("payment_ref__isnull", True), _connector="OR"),
                name="orders_refund_share_one_way",
            ),
        ),
    ]
