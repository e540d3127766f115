import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Long lists of orders are filtered and leafed through by index."""

    atomic = False

    dependencies = [("orders", "0017_channels_and_holds")]

    operations = [
        AddIndexConcurrently(
            model_name="order", index=models.Index(fields=["-placed_at", "-id"], name="orders_order_newest")
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["market", "-placed_at", "-id"], name="orders_order_of_market"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["country", "-placed_at", "-id"], name="orders_order_of_country"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["lifecycle", "-placed_at", "-id"], name="orders_order_by_lifecycle"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["payment_state", "-placed_at", "-id"], name="orders_order_by_payment"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("channel", "shop"), _negated=True),
                fields=["channel", "-placed_at", "-id"],
                name="orders_order_elsewhere",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("source", ""), _negated=True),
                fields=["source", "-placed_at", "-id"],
                name="orders_order_by_source",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["email"], name="orders_order_email_like", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
