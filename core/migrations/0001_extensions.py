"""Extensions every other table may rely on."""

from django.contrib.postgres.operations import (
    BtreeGinExtension,
    BtreeGistExtension,
    CITextExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        BtreeGinExtension(),
        CITextExtension(),
        migrations.RunSQL(
            "CREATE SEQUENCE core_spread_number", "DROP SEQUENCE IF EXISTS core_spread_number"
        ),
    ]
