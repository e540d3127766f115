"""Every refund there is gets its one share: all of it, to the payment it names."""

from django.db import migrations

BATCH = 1000


def fill(apps, schema_editor):
    refunds = apps.get_model("orders", "OrderRefund")
    shares = apps.get_model("orders", "OrderRefundShare")
    last = 0
    while True:
        rows = list(refunds.objects.filter(pk__gt=last).order_by("pk")[:BATCH])
        if not rows:
            return
        shares.objects.bulk_create(
            [
                shares(
                    refund=row,
                    position=1,
                    key=row.number,
                    payment_ref=row.payment_ref,
                    amount=row.amount,
                    amount_currency=row.amount_currency,
                    state=row.state,
                    failure=row.failure,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_refund_shares")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
