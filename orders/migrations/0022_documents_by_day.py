from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Statements read the documents of a period."""

    atomic = False

    dependencies = [("orders", "0021_papers_and_approvals")]

    operations = [
        AddIndexConcurrently(
            model_name="document", index=models.Index(fields=["issued_on"], name="orders_document_by_day")
        ),
    ]
