from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Payments by who tried, facts by card, and the ledger by time."""

    atomic = False

    dependencies = [("payments", "0007_velocity_effects")]

    operations = [
        AddIndexConcurrently(
            model_name="ledgertxn",
            index=models.Index(fields=["occurred_at"], name="ledger_by_time"),
        ),
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("account", ""), _negated=True),
                fields=["account", "created"],
                name="payment_by_account",
            ),
        ),
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("address", ""), _negated=True),
                fields=["address", "created"],
                name="payment_by_address",
            ),
        ),
        AddIndexConcurrently(
            model_name="paymenttransaction",
            index=models.Index(
                condition=models.Q(("card", ""), _negated=True),
                fields=["card", "recorded_at"],
                name="payment_fact_card",
            ),
        ),
    ]
