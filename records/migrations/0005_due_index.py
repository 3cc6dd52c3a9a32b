from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("records", "0004_staff_desk")]

    operations = [
        AddIndexConcurrently(
            model_name="statement",
            index=models.Index(fields=["check_due_on"], name="statement_due"),
        ),
    ]
