"""Cards that members keep, what payments have to do with them, and what is to be done at the provider."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_bank_sums"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("ref", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("provider", models.CharField(max_length=30, verbose_name="provider")),
                ("account", models.CharField(max_length=40)),
                ("provider_ref", models.CharField(blank=True, max_length=255, verbose_name="provider's reference")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "owner of cards",
                "verbose_name_plural": "owners of cards",
            },
        ),
        migrations.CreateModel(
            name="CardUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="payments.cardowner"
                    ),
                ),
                (
                    "payment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card_use", to="payments.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a saved card",
                "verbose_name_plural": "uses of saved cards",
            },
        ),
        migrations.CreateModel(
            name="CardErrand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("keep", "keep a card"), ("detach", "let go of a card"), ("close", "forget a member")],
                        max_length=10,
                    ),
                ),
                ("provider_ref", models.CharField(blank=True, max_length=255)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="errands", to="payments.cardowner"
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.carduse",
                    ),
                ),
            ],
            options={
                "verbose_name": "errand at the provider of cards",
                "verbose_name_plural": "errands at the provider of cards",
            },
        ),
        migrations.CreateModel(
            name="SavedCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("provider_ref", models.CharField(blank=True, max_length=255, verbose_name="provider's reference")),
                ("brand", models.CharField(blank=True, max_length=30, verbose_name="brand")),
                ("last_four", models.CharField(blank=True, max_length=4, verbose_name="last four digits")),
                ("expiry_year", models.PositiveSmallIntegerField(default=0, verbose_name="year of expiry")),
                ("expiry_month", models.PositiveSmallIntegerField(default=0, verbose_name="month of expiry")),
                ("agreed_at", models.DateTimeField(verbose_name="agreed")),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="payments.cardowner"
                    ),
                ),
            ],
            options={
                "verbose_name": "saved card",
                "verbose_name_plural": "saved cards",
            },
        ),
        migrations.AddField(
            model_name="carduse",
            name="card",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uses",
                to="payments.savedcard",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardowner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("user", "provider", "account"), name="card_owner_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardowner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_ref", ""), _negated=True),
                fields=("provider", "provider_ref"),
                name="card_owner_ref_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carderrand",
            constraint=models.UniqueConstraint(fields=("use",), name="card_errand_keeps_once"),
        ),
        migrations.AddConstraint(
            model_name="carderrand",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_ref", ""), _negated=True),
                fields=("kind", "owner", "provider_ref"),
                name="card_errand_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="carderrand",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["keep", "detach", "close"])), name="card_errand_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("provider_ref", ""), _negated=True),
                fields=("owner", "provider_ref"),
                name="saved_card_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_four__regex", "^([0-9]{4})?$")), name="saved_card_last_four_only"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.CheckConstraint(condition=models.Q(("expiry_month__lte", 12)), name="saved_card_month"),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at", None),
                    models.Q(("brand", ""), ("expiry_month", 0), ("expiry_year", 0), ("last_four", "")),
                    _connector="OR",
                ),
                name="saved_card_removed_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="carduse",
            constraint=models.CheckConstraint(
                condition=models.Q(("card__isnull", False), ("agreed_at__isnull", False), _connector="OR"),
                name="card_use_has_reason",
            ),
        ),
    ]
