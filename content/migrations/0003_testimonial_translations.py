from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0002_testimonials")]

    operations = [
        migrations.RemoveField(model_name="testimonial", name="i18n"),
        migrations.AddField(
            model_name="testimonial",
            name="translations",
            field=models.JSONField(blank=True, default=dict, verbose_name="translations"),
        ),
    ]
