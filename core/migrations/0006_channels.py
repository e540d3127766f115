import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_private_job_files")]

    operations = [
        migrations.CreateModel(
            name="ChannelState",
            fields=[
                ("channel", models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name="channel")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("open_until", models.DateTimeField(blank=True, null=True, verbose_name="asked again at")),
                ("last_error", models.TextField(blank=True, verbose_name="last error")),
                ("changed", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={"verbose_name": "state of a channel", "verbose_name_plural": "states of channels"},
        ),
        migrations.CreateModel(
            name="MessageWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(editable=False, max_length=64)),
                ("topic", models.CharField(max_length=40, verbose_name="topic")),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("is_wanted", models.BooleanField(verbose_name="wanted")),
                ("said", models.TextField(blank=True, verbose_name="what was agreed to")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("changed", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "wish about messages",
                "verbose_name_plural": "wishes about messages",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "topic", "channel"), name="message_wish_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(editable=False, max_length=64)),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="about")),
                ("endpoint", models.URLField(max_length=1000, verbose_name="address")),
                ("endpoint_hash", models.CharField(editable=False, max_length=64)),
                ("p256dh", models.CharField(editable=False, max_length=100)),
                ("auth", models.CharField(editable=False, max_length=40)),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("said", models.TextField(verbose_name="what was agreed to")),
                ("created", models.DateTimeField(auto_now_add=True, verbose_name="agreed")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "browser that is told",
                "verbose_name_plural": "browsers that are told",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["person"], name="push_of_person"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("endpoint_hash", "person", "reference"),
                        name="push_once",
                    )
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="message",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("retry_message", "Can send failed messages again"),
                    ("preview_message", "Can look at every message and send one to themselves"),
                ],
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.AddField(
            model_name="message",
            name="person",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="message",
            name="link",
            field=models.CharField(blank=True, default="", max_length=500, verbose_name="link"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="message",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="core.pushsubscription",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="useful_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="useful until"),
        ),
        migrations.AlterField(
            model_name="message",
            name="next_attempt_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
        ),
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("sent", "sent"),
                    ("failed", "failed"),
                    ("dropped", "not sent any more"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("person", ""), _negated=True), fields=["person"], name="message_person"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("state", "failed")), fields=["state"], name="message_failed"),
        ),
    ]
