from django.db import migrations, models


class Migration(migrations.Migration):
    """What states of orders are called in one market or country."""

    dependencies = [("orders", "0019_desk")]

    operations = [
        migrations.CreateModel(
            name="StationWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "market",
                    models.CharField(
                        blank=True, help_text="Empty: every market.", max_length=12, verbose_name="market"
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True, help_text="Empty: every country.", max_length=2, verbose_name="country"
                    ),
                ),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                (
                    "station",
                    models.CharField(
                        choices=[
                            ("pending_payment", "Waiting for payment"),
                            ("paid", "Paid"),
                            ("preparing", "Being prepared"),
                            ("shipped", "On its way"),
                            ("completed", "Delivered"),
                            ("after_sales", "Return or refund"),
                            ("canceled", "Canceled"),
                            ("expired", "Not paid in time"),
                        ],
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="name")),
                (
                    "sentence",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the shop's own sentence.",
                        max_length=300,
                        verbose_name="what it means",
                    ),
                ),
            ],
            options={
                "verbose_name": "name of a state of orders",
                "verbose_name_plural": "names of states of orders",
                "ordering": ("market", "country", "station", "language"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("market", "country", "station", "language"), name="orders_station_wording_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "station__in",
                                [
                                    "pending_payment",
                                    "paid",
                                    "preparing",
                                    "shipped",
                                    "completed",
                                    "after_sales",
                                    "canceled",
                                    "expired",
                                ],
                            )
                        ),
                        name="orders_station_wording_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label", ""), _negated=True),
                            models.Q(("market", ""), ("country", ""), _negated=True),
                        ),
                        name="orders_station_wording_of_somewhere",
                    ),
                ],
            },
        ),
    ]
