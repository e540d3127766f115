"""Components of sets that are taxed by themselves: their own rate, and tax lines that name them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0009_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderlinepart",
            name="tax_rate",
            field=models.DecimalField(decimal_places=5, default=0, max_digits=7),
        ),
        migrations.AddField(
            model_name="ordertaxline",
            name="part",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tax_lines",
                to="orders.orderlinepart",
            ),
        ),
        migrations.RunSQL(
            sql="UPDATE orders_orderlinepart p SET tax_rate = l.tax_rate FROM orders_orderline l"
            " WHERE l.id = p.order_line_id AND p.tax_rate <> l.tax_rate",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
