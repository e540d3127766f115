import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tags, saved views, and work on many orders."""

    dependencies = [
        ("core", "0005_private_job_files"),
        ("orders", "0018_order_list_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=40, verbose_name="word")),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("plain", "Grey"),
                            ("brand", "Shop"),
                            ("ok", "Green"),
                            ("warn", "Yellow"),
                            ("bad", "Red"),
                        ],
                        default="plain",
                        max_length=8,
                        verbose_name="colour",
                    ),
                ),
                ("in_use", models.BooleanField(default=True, verbose_name="can be put on orders")),
            ],
            options={
                "verbose_name": "tag of orders",
                "verbose_name_plural": "tags of orders",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Upper("name"), name="orders_tag_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="orders_tag_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tone__in", ["plain", "brand", "ok", "warn", "bad"])),
                        name="orders_tag_tone_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderTagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taggings", to="orders.order"
                    ),
                ),
                (
                    "put_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taggings", to="orders.ordertag"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tag", "order"], name="orders_tagging_of_tag")],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "tag"), name="orders_tagging_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedOrderView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_shared", models.BooleanField(default=False, verbose_name="everybody sees it")),
                ("filters", models.JSONField(default=dict)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view of orders",
                "verbose_name_plural": "saved views of orders",
                "ordering": ("name", "pk"),
                "permissions": [("share_savedorderview", "Can share saved views of orders")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_shared", True)), fields=["name"], name="orders_saved_view_shared"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="orders_saved_view_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="orders_saved_view_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                ("format", models.CharField(default="xlsx", max_length=4)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="OrderBulkRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("tag", "Put a tag on"),
                            ("untag", "Take a tag off"),
                            ("pack", "Create parcels"),
                            ("ship", "Hand packed parcels to the carrier"),
                        ],
                        max_length=8,
                    ),
                ),
                ("params", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Not started"), ("started", "Started"), ("undone", "Taken back")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undo_job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "work on many orders",
                "verbose_name_plural": "work on many orders",
                "ordering": ("-pk",),
                "permissions": [("tag_order", "Can put tags on orders"), ("export_orders", "Can export orders")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deed__in", ["tag", "untag", "pack", "ship"])),
                        name="orders_bulk_deed_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("total__gt", 0)), name="orders_bulk_has_orders"),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("job__isnull", False), _connector="OR"),
                        name="orders_bulk_started_has_job",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderBulkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Not yet"),
                            ("done", "Done"),
                            ("unchanged", "Nothing to do"),
                            ("refused", "Refused"),
                            ("undone", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("sentence", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "order",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="orders.orderbulkrun"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "indexes": [models.Index(fields=["run", "outcome", "position"], name="orders_bulk_item_by_outcome")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "order"), name="orders_bulk_item_once"),
                    models.UniqueConstraint(fields=("run", "position"), name="orders_bulk_item_place"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["waiting", "done", "unchanged", "refused", "undone"])),
                        name="orders_bulk_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), _negated=True),
                            models.Q(("sentence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="orders_bulk_refusal_says_why",
                    ),
                ],
            },
        ),
    ]
