import core.models.jobs
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_job_items")]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="file",
            field=models.FileField(
                blank=True,
                storage=core.models.jobs.private_files,
                upload_to="jobs/%Y/%m/",
                verbose_name="file",
            ),
        ),
    ]
